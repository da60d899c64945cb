using System.Globalization;
using System.Text;
using System.Text.Json;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Snapshots.Format;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Engine.Repository;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>What the real Kopia and the real Velero wrote is restored exactly, and written again byte for byte.</summary>
public sealed class RecordedSnapshotTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("default-v3")]
    [InlineData("velero")]
    [InlineData("legacy-v1")]
    [InlineData("gzip-rabinkarp-v2")]
    [InlineData("zstd-blake3-chacha")]
    public async Task The_newest_snapshot_of_Kopia_is_restored_as_it_was(string name)
    {
        RecordedRepository recorded = RecordedRepository.Load(name);
        await using KopiaRepository repository = await recorded.OpenAsync(recorded.OpenStore());
        SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(CancellationToken.None);

        TreeRestoreResult result = await new TreeRestorer(repository, new TreeRestoreOptions(), TimeProvider.System)
            .RestoreAsync(listing.Snapshots[^1].Root, _folder["restored"], null, CancellationToken.None);

        Assert.Empty(listing.Unreadable);
        Assert.Equal(recorded.SnapshotIds, listing.Snapshots.Select(static snapshot => snapshot.Id.ToString()));
        Assert.Empty(result.Problems);
        Assert.Equal(Expected(name), WithoutOwners(_folder.Describe("restored")));
    }

    [Theory]
    [InlineData("default-v3")]
    [InlineData("velero")]
    [InlineData("legacy-v1")]
    [InlineData("gzip-rabinkarp-v2")]
    [InlineData("zstd-blake3-chacha")]
    public async Task Directories_and_manifests_are_written_in_Kopias_very_bytes(string name)
    {
        RecordedRepository recorded = RecordedRepository.Load(name);
        await using KopiaRepository repository = await recorded.OpenAsync(recorded.OpenStore());
        IReadOnlyList<ManifestEntry> manifests = await repository.FindManifestsAsync(new Dictionary<string, string> { ["type"] = "snapshot" }, CancellationToken.None);

        foreach (ManifestEntry manifest in manifests)
        {
            TreeSnapshot snapshot = SnapshotJson.Read(manifest);
            Assert.Equal(Encoding.UTF8.GetString(manifest.Json.Span), Encoding.UTF8.GetString(SnapshotJson.Write(snapshot).Span));
            Assert.Equal(manifest.Labels.OrderBy(static label => label.Key), SnapshotJson.LabelsOf(snapshot).OrderBy(static label => label.Key));
            await AssertSameBytesAsync(repository, snapshot.Root);
        }
    }

    [Fact]
    public async Task A_tree_that_Kopia_backed_up_gives_the_same_objects_again()
    {
        RecordedRepository recorded = RecordedRepository.Load("velero");
        MemoryBlobStore store = recorded.OpenStore();
        await using KopiaRepository repository = await recorded.OpenAsync(store);
        TreeSnapshot original = (await new SnapshotCatalog(repository).ListAsync(CancellationToken.None)).Snapshots[^1];
        await new TreeRestorer(repository, new TreeRestoreOptions(), TimeProvider.System).RestoreAsync(original.Root, _folder["restored"], null, CancellationToken.None);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);

        TreeUploadResult upload = await new TreeUploader(repository, new UploadOptions(), TimeProvider.System).UploadAsync(
            session, _folder["restored"], original.Root.Name, new SnapshotDescription(original.Source, "", new Dictionary<string, string>(), []), [], null, CancellationToken.None);

        Assert.True(upload.Progress.ReadFiles > 100);
        Assert.Equal(original.Root, upload.Snapshot.Root with { Summary = original.Root.Summary });
        Assert.Equal(0, session.Statistics.NewBytes);
    }

    [Theory]
    [InlineData("5062587166f85ac5b429417e5a7bd979", "config", 2)]
    [InlineData("9fc7fcbda7fa9ad9160ca5c608428ead", "scratch", 0)]
    public async Task A_volume_that_Velero_backed_up_is_restored_as_it_was(string id, string tree, int symlinks)
    {
        string bucket = Path.Combine(AppContext.BaseDirectory, "Fixtures", "velero", "volumes-bucket");
        IBlobStore location = BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + bucket), null, new BlobStoreOptions { ReadOnly = true }, TimeProvider.System);
        await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(
            location, "vol", RepositoryPassword.VeleroDefault, new VolumeDataOptions(), TimeProvider.System, CancellationToken.None);

        TreeRestoreResult result = await repository.RestoreAsync(ManifestId.Parse(id), _folder["restored"], new TreeRestoreOptions(), null, CancellationToken.None);

        string[] expected = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", "velero", "volumes-trees", tree + ".txt"), Encoding.Latin1);
        Assert.Empty(result.Problems);
        Assert.Equal(symlinks, result.Statistics.Symlinks);
        Assert.Equal(TestFolder.IsRoot ? expected : WithoutOwners(expected), TestFolder.IsRoot ? _folder.Describe("restored") : WithoutOwners(_folder.Describe("restored")));
    }

    private static async Task AssertSameBytesAsync(KopiaRepository repository, DirectoryEntry directory)
    {
        using PooledBytes stored = await repository.ReadObjectAsync(directory.ObjectId, 16 << 20, CancellationToken.None);
        List<DirectoryEntry> children = [];
        await using (DirectoryReader reader = await DirectoryReader.OpenAsync(repository, directory.ObjectId, CancellationToken.None))
        {
            while (await reader.ReadAsync(CancellationToken.None) is { } entry)
            {
                children.Add(entry);
            }
        }

        System.Buffers.ArrayBufferWriter<byte> written = new();
        written.Raw("{\"stream\":\"kopia:directory\",\"entries\":"u8);
        for (int i = 0; i < children.Count; i++)
        {
            written.Raw(i == 0 ? "["u8 : ","u8);
            EntryWriter.Write(written, children[i]);
        }

        written.Raw(children.Count == 0 ? "null,\"summary\":"u8 : "],\"summary\":"u8);
        EntryWriter.Write(written, directory.Summary!);
        written.Raw("}\n"u8);
        Assert.Equal(Encoding.UTF8.GetString(stored.Span), Encoding.UTF8.GetString(written.WrittenSpan));
        foreach (DirectoryEntry child in children.Where(static entry => entry.Kind == EntryKind.Directory))
        {
            await AssertSameBytesAsync(repository, child);
        }
    }

    /// <summary>The description's tree in the form of <see cref="TestFolder.Describe"/>, without owners, link counts and the root.</summary>
    private static List<string> Expected(string name)
    {
        using JsonDocument description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "kopia", name + ".json")));
        List<string> lines = [];
        foreach (JsonElement entry in description.RootElement.GetProperty("treeOfNewestSnapshot").EnumerateArray())
        {
            string path = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("./" + entry.GetProperty("path").GetString()));
            string type = entry.GetProperty("type").GetString()!;
            long nanos = entry.GetProperty("mtimeNs").GetInt64();
            string target = type == "symlink" ? entry.GetProperty("target").GetString()! : "";
            string size = type switch
            {
                "dir" => "",
                "symlink" => Encoding.UTF8.GetByteCount(target).ToString(CultureInfo.InvariantCulture),
                _ => entry.GetProperty("size").GetInt64().ToString(CultureInfo.InvariantCulture),
            };
            string mode = entry.GetProperty("mode").GetString()![2..];
            lines.Add($"{path}|{(type == "symlink" ? "l" : type[..1])}|{mode}|{size}|{nanos / 1_000_000_000}.{nanos % 1_000_000_000:D9}0|{target}");
            if (type == "file")
            {
                lines.Add($"{entry.GetProperty("sha256").GetString()}  {path}");
            }
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static List<string> WithoutOwners(IEnumerable<string> lines) =>
    [
        .. lines.Where(static line => !line.StartsWith(".|", StringComparison.Ordinal)).Select(static line =>
        {
            string[] fields = line.Split('|');
            return fields.Length < 9 ? line : string.Join('|', fields[0], fields[1], fields[2], fields[5], fields[6], fields[7]);
        }).Order(StringComparer.Ordinal),
    ];
}
