using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>What the real Kopia wrote is read completely.</summary>
public sealed class RecordedRepositoryTests
{
    private const int MaxDirectoryBytes = 16 << 20;

    [Theory]
    [InlineData("default-v3")]
    [InlineData("velero")]
    [InlineData("legacy-v1")]
    [InlineData("gzip-rabinkarp-v2")]
    [InlineData("zstd-blake3-chacha")]
    public async Task Every_file_of_the_newest_snapshot_is_read_as_it_was(string name)
    {
        RecordedRepository recorded = RecordedRepository.Load(name);
        await using KopiaRepository repository = await recorded.OpenAsync(recorded.OpenStore());

        IReadOnlyList<ManifestEntry> snapshots = await repository.FindManifestsAsync(new Dictionary<string, string> { ["type"] = "snapshot" }, CancellationToken.None);
        Dictionary<string, string> found = [];
        using (JsonDocument newest = snapshots[^1].ParseJson())
        {
            await HashFilesAsync(repository, newest.RootElement.GetProperty("rootEntry"), "", found);
        }

        Assert.Equal(recorded.SnapshotIds.Order(), snapshots.Select(static snapshot => snapshot.Id.ToString()).Order());
        Assert.Equal(recorded.HashByFile.OrderBy(static file => file.Key, StringComparer.Ordinal), found.OrderBy(static file => file.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("default-v3")]
    [InlineData("velero")]
    [InlineData("legacy-v1")]
    [InlineData("gzip-rabinkarp-v2")]
    [InlineData("zstd-blake3-chacha")]
    public async Task Every_content_has_the_hash_that_names_it(string name)
    {
        RecordedRepository recorded = RecordedRepository.Load(name);
        await using KopiaRepository repository = await recorded.OpenAsync(recorded.OpenStore());

        List<ContentId> wrong = await repository.FindWrongContentsAsync(CancellationToken.None);

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_snapshot_written_into_a_recorded_repository_is_read_beside_the_old_ones()
    {
        RecordedRepository recorded = RecordedRepository.Load("velero");
        MemoryBlobStore store = recorded.OpenStore();
        ManifestId id;
        await using (KopiaRepository writing = await recorded.OpenAsync(store))
        {
            await using WriteSession session = await writing.StartWriteSessionAsync(CancellationToken.None);
            id = session.PutManifest(new Dictionary<string, string> { ["type"] = "test" }, "{}"u8.ToArray());
            await session.FlushAsync(CancellationToken.None);
        }

        await using KopiaRepository repository = await recorded.OpenAsync(store);
        Assert.NotNull(await repository.TryGetManifestAsync(id, CancellationToken.None));
        Assert.Equal(recorded.SnapshotIds.Count, (await repository.FindManifestsAsync(new Dictionary<string, string> { ["type"] = "snapshot" }, CancellationToken.None)).Count);
    }

    private static async Task HashFilesAsync(KopiaRepository repository, JsonElement entry, string path, Dictionary<string, string> found)
    {
        ObjectId id = ObjectId.Parse(entry.GetProperty("obj").GetString()!);
        switch (entry.GetProperty("type").GetString())
        {
            case "d":
                using (PooledBytes bytes = await repository.ReadObjectAsync(id, MaxDirectoryBytes, CancellationToken.None))
                using (JsonDocument directory = JsonDocument.Parse(bytes.Memory))
                {
                    JsonElement entries = directory.RootElement.GetProperty("entries");
                    foreach (JsonElement child in entries.ValueKind == JsonValueKind.Null ? [] : entries.EnumerateArray().ToArray())
                    {
                        string name = child.GetProperty("name").GetString()!;
                        await HashFilesAsync(repository, child, path.Length == 0 ? name : path + "/" + name, found);
                    }
                }

                break;
            case "f":
                await using (Stream stream = await repository.OpenObjectAsync(id, CancellationToken.None))
                {
                    found.Add(path, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
                }

                break;
        }
    }
}
