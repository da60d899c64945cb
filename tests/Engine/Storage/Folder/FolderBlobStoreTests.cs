using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.Folder;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage.Folder;

public sealed class FolderBlobStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FolderBlobStore store;

    public FolderBlobStoreTests() => store = new FolderBlobStore(Path.Combine(folder.Path, "store"), TimeProvider.System);

    private string Root => Path.Combine(folder.Path, "store");

    [Fact]
    public async Task A_blob_is_a_private_file_at_its_name_and_no_temporary_file_stays()
    {
        await PutAsync("a/b");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(Path.Combine(Root, "a/b")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, ModeOf(Path.Combine(Root, "a")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Root, ".tmp")));
    }

    [Fact]
    public async Task Links_are_never_followed()
    {
        await PutAsync("real/x");
        string outside = Directory.CreateDirectory(Path.Combine(folder.Path, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "not in the store");
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), outside);
        File.CreateSymbolicLink(Path.Combine(Root, "file-link"), Path.Combine(outside, "secret"));

        Assert.Equal(["real/x"], await NamesAsync(""));
        Assert.Empty(await NamesAsync("link/"));
        Assert.Null(await store.TryGetInfoAsync(BlobName.Parse("link/secret"), default));
        Assert.Null(await store.TryGetInfoAsync(BlobName.Parse("file-link"), default));
        await ThrowsAsync(ErrorKind.NotFound, () => store.OpenReadAsync(BlobName.Parse("link/secret"), null, default));
        await ThrowsAsync(ErrorKind.NotFound, () => store.OpenReadAsync(BlobName.Parse("file-link"), null, default));
        await ThrowsAsync(ErrorKind.Conflict, () => PutAsync("link/new"));
        await store.DeleteAsync(BlobName.Parse("link/secret"), default);
        Assert.Equal(["secret"], Directory.EnumerateFiles(outside).Select(Path.GetFileName));

        await PutAsync("file-link");
        Assert.Equal("not in the store", await File.ReadAllTextAsync(Path.Combine(outside, "secret")));
    }

    [Fact]
    public async Task A_blob_cannot_be_the_folder_of_others()
    {
        await PutAsync("a");
        await PutAsync("b/c");
        await ThrowsAsync(ErrorKind.Conflict, () => PutAsync("a/b"));
        await ThrowsAsync(ErrorKind.Conflict, () => PutAsync("b"));
        await ThrowsAsync(ErrorKind.Conflict, () => store.PutAsync(BlobName.Parse("b"), new byte[1], PutCondition.IfAbsent, default));
        Assert.Equal(["a", "b/c"], await NamesAsync(""));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Root, ".tmp")));
    }

    [Fact]
    public async Task The_place_of_unfinished_writes_is_not_a_blobs_place() =>
        await ThrowsAsync(ErrorKind.InvalidInput, () => PutAsync(".tmp/x"));

    [Fact]
    public async Task A_name_too_long_for_the_file_system_is_bad_input() =>
        await ThrowsAsync(ErrorKind.InvalidInput, () => PutAsync(new string('x', 300)));

    [Fact]
    public async Task Deleting_the_last_blob_removes_its_empty_folders_but_not_the_root()
    {
        await PutAsync("a/b/c/d");
        await PutAsync("a/e");
        await store.DeleteAsync(BlobName.Parse("a/b/c/d"), default);
        Assert.False(Directory.Exists(Path.Combine(Root, "a/b")));
        await store.DeleteAsync(BlobName.Parse("a/e"), default);
        Assert.False(Directory.Exists(Path.Combine(Root, "a")));
        Assert.True(Directory.Exists(Root));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_when_it_is_old()
    {
        string temporary = Directory.CreateDirectory(Path.Combine(Root, ".tmp")).FullName;
        string old = Path.Combine(temporary, "old");
        string young = Path.Combine(temporary, "young");
        await File.WriteAllTextAsync(old, "");
        await File.WriteAllTextAsync(young, "");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        await PutAsync("x");
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    [Fact]
    public async Task A_reader_keeps_the_content_it_opened_when_the_blob_is_replaced()
    {
        await store.PutAsync(BlobName.Parse("x"), "old"u8.ToArray(), PutCondition.Always, default);
        await using Stream reading = await store.OpenReadAsync(BlobName.Parse("x"), null, default);
        await store.PutAsync(BlobName.Parse("x"), "newer"u8.ToArray(), PutCondition.Always, default);
        using StreamReader text = new(reading);
        Assert.Equal("old", await text.ReadToEndAsync());
    }

    [Fact]
    public async Task Files_that_are_no_blobs_are_not_listed()
    {
        await PutAsync("good");
        await File.WriteAllTextAsync(Path.Combine(Root, "bad\nname"), "");
        Assert.Equal(["good"], await NamesAsync(""));
    }

    public void Dispose() => folder.Dispose();

    private static async Task ThrowsAsync(ErrorKind kind, Func<Task> act) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<BackupException>(act)).Kind);

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    private Task<bool> PutAsync(string name) => store.PutAsync(BlobName.Parse(name), new byte[1], PutCondition.Always, default);

    private async Task<List<string>> NamesAsync(string prefix) =>
        await store.ListAsync(prefix, default).Select(info => info.Name.ToString()).ToListAsync();
}
