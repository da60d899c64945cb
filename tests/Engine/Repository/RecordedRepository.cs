using System.Text.Json;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>One of the repositories in Fixtures/kopia and what its description says.</summary>
internal sealed record RecordedRepository(string Name, string Password, IReadOnlyList<string> SnapshotIds, IReadOnlyDictionary<string, string> HashByFile)
{
    public static RecordedRepository Load(string name)
    {
        using JsonDocument description = JsonDocument.Parse(File.ReadAllBytes(PathOf(name, "json")));
        JsonElement root = description.RootElement;
        Dictionary<string, string> files = [];
        foreach (JsonElement entry in root.GetProperty("treeOfNewestSnapshot").EnumerateArray())
        {
            if (entry.GetProperty("type").GetString() == "file")
            {
                files.Add(entry.GetProperty("path").GetString()!, entry.GetProperty("sha256").GetString()!);
            }
        }

        return new RecordedRepository(
            name,
            root.GetProperty("password").GetString()!,
            [.. root.GetProperty("snapshots").EnumerateArray().Select(static snapshot => snapshot.GetProperty("id").GetString()!)],
            files);
    }

    public MemoryBlobStore OpenStore() => MemoryBlobStore.FromTar(PathOf(Name, "tar"));

    public Task<KopiaRepository> OpenAsync(MemoryBlobStore store) =>
        KopiaRepository.OpenAsync(store, Password, new RepositoryOptions(), TimeProvider.System, CancellationToken.None);

    private static string PathOf(string name, string extension) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "kopia", $"{name}.{extension}");
}
