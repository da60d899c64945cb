using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Short forms of what most repository tests do: small packs, one password, objects of random bytes.</summary>
internal static class RepositoryRun
{
    public const string Password = "correct horse";

    public const string Splitter = "FIXED-128K";

    public static RepositoryOptions Options { get; } = new() { ClosePackAtBytes = 300_000 };

    public static Task<KopiaRepository> CreateAsync(IBlobStore store, NewRepositoryOptions? create = null) =>
        KopiaRepository.CreateAsync(store, Password, create ?? new NewRepositoryOptions { Splitter = Splitter }, Options, TimeProvider.System, CancellationToken.None);

    public static Task<KopiaRepository> OpenAsync(IBlobStore store, RepositoryOptions? options = null, TimeProvider? time = null) =>
        KopiaRepository.OpenAsync(store, Password, options ?? Options, time ?? TimeProvider.System, CancellationToken.None);

    public static byte[] RandomBytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    public static async Task<byte[]> ReadAsync(KopiaRepository repository, ObjectId id)
    {
        using PooledBytes bytes = await repository.ReadObjectAsync(id, int.MaxValue, CancellationToken.None);
        return bytes.Span.ToArray();
    }

    public static async Task<byte[]> StreamAsync(KopiaRepository repository, ObjectId id)
    {
        await using Stream stream = await repository.OpenObjectAsync(id, CancellationToken.None);
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy, CancellationToken.None);
        return copy.ToArray();
    }

    /// <summary>Writes objects and a manifest that names them, and publishes all.</summary>
    public static async Task<ManifestId> WriteAsync(KopiaRepository repository, string name, IEnumerable<byte[]> objects)
    {
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        List<string> ids = [];
        foreach (byte[] bytes in objects)
        {
            ids.Add($"\"{await session.WriteObjectAsync(new MemoryStream(bytes), ObjectKind.File, CancellationToken.None)}\"");
        }

        ManifestId id = session.PutManifest(Labels(name), System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', ids)}]"));
        await session.FlushAsync(CancellationToken.None);
        return id;
    }

    /// <summary>The bytes of all objects that the manifest names.</summary>
    public static async Task<List<byte[]>> ReadAllAsync(KopiaRepository repository, ManifestEntry manifest)
    {
        using System.Text.Json.JsonDocument json = manifest.ParseJson();
        List<byte[]> objects = [];
        foreach (System.Text.Json.JsonElement id in json.RootElement.EnumerateArray())
        {
            objects.Add(await ReadAsync(repository, ObjectId.Parse(id.GetString()!)));
        }

        return objects;
    }

    public static Dictionary<string, string> Labels(string? name = null)
    {
        Dictionary<string, string> labels = new() { ["type"] = "test" };
        if (name is not null)
        {
            labels["name"] = name;
        }

        return labels;
    }
}
