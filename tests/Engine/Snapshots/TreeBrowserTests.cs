using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class TreeBrowserTests : IDisposable
{
    private readonly SnapshotRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Entries_are_found_by_path_and_their_bytes_read()
    {
        _run.Change("mkdir -p a/b; echo text >a/b/f; ln -s f a/b/l; mkfifo a/b/p; chmod 0640 a/b/f");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        await using VolumeDataRepository repository = await _run.OpenAsync();
        TreeBrowser browser = new(repository.Repository);

        DirectoryEntry root = await browser.FindAsync($"{backup.SnapshotId}", CancellationToken.None);
        DirectoryEntry directory = await browser.FindAsync($"{backup.SnapshotId}/a/b/", CancellationToken.None);
        DirectoryEntry file = await browser.FindAsync(directory, "f", CancellationToken.None);
        using StreamReader text = new(await browser.OpenFileAsync(file, CancellationToken.None));

        Assert.Equal("a", Assert.Single(await NamesAsync(browser, root)));
        Assert.Equal(["f", "l"], await NamesAsync(browser, directory));
        Assert.Equal("p", Assert.Single(await browser.ListSpecialsAsync(directory, CancellationToken.None)).Name);
        Assert.Equal("text\n", await text.ReadToEndAsync());
    }

    [Theory]
    [InlineData("nonsense", ErrorKind.InvalidInput)]
    [InlineData("0123456789abcdef0123456789abcdef/a", ErrorKind.NotFound)]
    [InlineData("@/b", ErrorKind.NotFound)]
    [InlineData("@/a/f", ErrorKind.NotFound)]
    [InlineData("@/a/..", ErrorKind.NotFound)]
    public async Task A_path_that_leads_nowhere_is_refused_by_name(string path, ErrorKind kind)
    {
        _run.Change("echo text >a");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        await using VolumeDataRepository repository = await _run.OpenAsync();

        BackupException error = await Assert.ThrowsAsync<BackupException>(() => new TreeBrowser(repository.Repository).FindAsync(
            path.Replace("@", $"{backup.SnapshotId}", StringComparison.Ordinal), CancellationToken.None));

        Assert.Equal(kind, error.Kind);
    }

    [Theory]
    [InlineData("a/f")]
    [InlineData("a/l")]
    [InlineData("a")]
    public async Task An_entry_is_restored_as_the_path_that_is_named(string entry)
    {
        _run.Change("mkdir a; echo text >a/f; ln -s f a/l; chmod 0600 a/f; touch -h -d 2020-01-01 a/*");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        await using VolumeDataRepository repository = await _run.OpenAsync();
        DirectoryEntry found = await new TreeBrowser(repository.Repository).FindAsync($"{backup.SnapshotId}/{entry}", CancellationToken.None);

        TreeRestoreResult result = await new TreeRestorer(repository.Repository, new TreeRestoreOptions { Sync = false }, TimeProvider.System)
            .RestoreAsync(found, _run.Files["new/x"], null, CancellationToken.None);

        Assert.Empty(result.Problems);
        Assert.Equal(_run.Files.Shell($"stat -c '%F %a %Y' volume/{entry}"), _run.Files.Shell("stat -c '%F %a %Y' new/x"));
    }

    private static async Task<List<string>> NamesAsync(TreeBrowser browser, DirectoryEntry directory)
    {
        List<string> names = [];
        await foreach (DirectoryEntry entry in browser.ListAsync(directory, CancellationToken.None))
        {
            names.Add(entry.Name);
        }

        return names;
    }
}
