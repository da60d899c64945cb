using Xunit;

namespace BackupFunctions.Tests.Peers.Kopia;

public sealed class KopiaLayoutTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bf-layout-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("foobarbaz12345678910123213123", "f/oob/arbaz12345678910123213123.f")]
    [InlineData("kopia.repository", "kopia.repository.f")]
    [InlineData("kopia.maintenance", "kopia.maintenance.f")]
    [InlineData("xe12", "xe12.f")]
    [InlineData("a2345678901234567890", "a2345678901234567890.f")]
    [InlineData("a23456789012345678901", "a/234/56789012345678901.f")]
    public void A_blob_lies_where_kopia_looks_for_it(string blob, string path)
    {
        Assert.Equal(path, KopiaLayout.PathOf(blob));
        Assert.Equal(blob, KopiaLayout.BlobAt(path));
    }

    [Theory]
    [InlineData(".shards")]
    [InlineData("f/oob/arbaz12345678910123213123.f.tmp.0123456789abcdef")]
    public void Other_files_are_no_blobs(string path) => Assert.Null(KopiaLayout.BlobAt(path));

    [Fact]
    public void Blobs_go_to_kopias_layout_and_come_back_with_their_times()
    {
        string[] blobs = ["kopia.repository", "xe1", "p0123456789abcdef0123456789abcdef-s0123456789abcdef1ab", "xn0_0123456789abcdef0123456789abcdef-s0123456789abcdef1ab-c1"];
        DateTime time = new(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        foreach (string blob in blobs)
        {
            File.WriteAllText(Path.Combine(_folder, blob), blob);
            File.SetLastWriteTimeUtc(Path.Combine(_folder, blob), time);
        }

        KopiaLayout.Shard(_folder);
        string[] sharded = [.. Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        KopiaLayout.Flatten(_folder);

        Assert.Equal([".shards", "kopia.repository.f", "xe1.f"], sharded);
        Assert.Equal(blobs.Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(blobs, blob => Assert.Equal(blob, File.ReadAllText(Path.Combine(_folder, blob))));
        Assert.All(blobs, blob => Assert.Equal(time, File.GetLastWriteTimeUtc(Path.Combine(_folder, blob))));
    }

    [Fact]
    public void A_layout_with_other_shards_is_read_too()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "p01", "234"));
        File.WriteAllText(Path.Combine(_folder, "p01", "234", "56789.f"), "pack");
        File.WriteAllText(Path.Combine(_folder, ".shards"), "{}");

        KopiaLayout.Flatten(_folder);

        Assert.Equal("p0123456789", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(_folder))));
    }
}
