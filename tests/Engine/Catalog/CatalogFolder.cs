using System.Text;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.Folder;

namespace BackupFunctions.Tests.Engine.Catalog;

/// <summary>A bucket in a folder of its own that goes away with the test.</summary>
internal sealed class CatalogFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("catalog-test-").FullName;

    public CatalogFolder() => Store = new FolderBlobStore(Path.Combine(root, "bucket"), TimeProvider.System);

    public IBlobStore Store { get; }

    /// <summary>A path for a file beside the bucket.</summary>
    public string Scratch(string name) => Path.Combine(root, name);

    /// <summary>Puts the files of a recorded backup into the bucket.</summary>
    public async Task AddRecordedAsync(string backup)
    {
        foreach (string path in Directory.EnumerateFiles(VeleroFixture.BackupFolder(backup)))
        {
            await PutAsync($"backups/{backup}/{Path.GetFileName(path)}", await File.ReadAllBytesAsync(path));
        }
    }

    public Task PutAsync(string name, string content) => PutAsync(name, Encoding.UTF8.GetBytes(content));

    public async Task PutAsync(string name, byte[] content) =>
        await Store.PutAsync(BlobName.Parse(name), content, PutCondition.Always, CancellationToken.None);

    public async Task<byte[]> ReadAsync(string name)
    {
        await using Stream stream = await Store.OpenReadAsync(BlobName.Parse(name), null, CancellationToken.None);
        using MemoryStream all = new();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    public async Task<List<string>> ListAsync()
    {
        List<string> names = [];
        await foreach (BlobInfo blob in Store.ListAsync("", CancellationToken.None))
        {
            names.Add(blob.Name.ToString());
        }

        return names;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
