using System.Text;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Tests.Engine.Repository;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class RestoreTests : IDisposable
{
    private readonly SnapshotRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task What_is_there_already_is_replaced()
    {
        _run.Change("mkdir d; echo new >d/f; ln -s new l; echo plain >plain");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        _run.Files.Shell("mkdir -p restored/d outside; echo old >restored/d/f; ln -s old restored/l; echo keep >outside/f; ln -s ../outside/f restored/plain");

        TreeRestoreResult result = await _run.RestoreAsync(backup.SnapshotId);

        Assert.Empty(result.Problems);
        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
        Assert.Equal("keep\n", _run.Files.Shell("cat outside/f"));
    }

    [Fact]
    public async Task What_is_there_already_is_left_alone_when_that_is_asked_for()
    {
        _run.Change("echo new >f; echo new >g");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        _run.Files.Shell("mkdir restored; echo old >restored/f");

        TreeRestoreResult result = await _run.RestoreAsync(backup.SnapshotId, new TreeRestoreOptions { Overwrite = false });

        Assert.Equal((1, 1), (result.Statistics.Skipped, result.Statistics.Files));
        Assert.Equal("old\nnew\n", _run.Files.Shell("cat restored/f restored/g"));
    }

    [Fact]
    public async Task Extra_entries_stay_unless_they_are_to_be_deleted()
    {
        _run.Change("echo new >f; mkdir d; echo g >d/g; mkfifo p");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        _run.Files.Shell("mkdir -p restored/d/x/y restored/extra outside; echo 1 >restored/d/x/y/z; echo 2 >restored/extra/f; ln -s ../outside restored/link; echo keep >outside/f");

        await _run.RestoreAsync(backup.SnapshotId);
        string kept = _run.Files.Shell("cd restored; find . -type f | sort | xargs");
        TreeRestoreResult exact = await _run.RestoreAsync(backup.SnapshotId, new TreeRestoreOptions { DeleteExtra = true });

        Assert.Equal("./d/g ./d/x/y/z ./extra/f ./f\n", kept);
        Assert.Equal(3, exact.Statistics.Deleted);
        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
        Assert.Equal("keep\n", _run.Files.Shell("cat outside/f"));
    }

    [Fact]
    public async Task A_directory_in_a_files_way_is_a_problem_of_that_file()
    {
        _run.Change("echo new >f; echo new >g");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        _run.Files.Shell("mkdir -p restored/f; echo keep >restored/f/x");

        TreeRestoreResult result = await _run.RestoreAsync(backup.SnapshotId);

        Assert.Equal("f", Assert.Single(result.Problems).Path);
        Assert.Equal("keep\nnew\n", _run.Files.Shell("cat restored/f/x restored/g"));
    }

    [Theory]
    [InlineData("""{"name":"..","type":"d","mode":"0777","obj":"@dir"}""")]
    [InlineData("""{"name":".","type":"d","mode":"0777","obj":"@dir"}""")]
    [InlineData("""{"name":"","type":"d","mode":"0777","obj":"@dir"}""")]
    [InlineData("""{"name":"/etc/evil","type":"f","mode":"0777","size":4,"obj":"@evil"}""")]
    [InlineData("""{"name":"../outside/f","type":"f","mode":"0777","size":4,"obj":"@evil"}""")]
    [InlineData("""{"name":"a\u0000b","type":"f","mode":"0777","size":4,"obj":"@evil"}""")]
    [InlineData("""{"name":"x","type":"f","mode":"0777","size":4,"obj":"@evil","posix":{"name":"Li4vb3V0c2lkZS9m"}}""")]
    public async Task A_name_that_leads_elsewhere_is_left_out_and_named(string entry)
    {
        TreeRestoreResult result = await RestoreCraftedAsync(entry + """,{"name":"good","type":"f","mode":"0644","size":4,"obj":"@evil"}""");

        Assert.Contains("cannot be the name of a file", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
        Assert.Equal("evil", _run.Files.Shell("cat restored/good"));
        Assert.Equal("outside\noutside/f\n", _run.Files.Shell("find outside | sort"));
        Assert.Equal("kept\n", _run.Files.Shell("cat outside/f"));
    }

    [Theory]
    [InlineData("""{"name":"d","type":"s","mode":"0777","size":10,"obj":"@link"},{"name":"d","type":"d","mode":"0777","obj":"@dir"}""")]
    [InlineData("""{"name":"d","type":"d","mode":"0777","obj":"@dir"},{"name":"d","type":"s","mode":"0777","size":10,"obj":"@link"}""")]
    [InlineData("""{"name":"f","type":"s","mode":"0777","size":12,"obj":"@file"},{"name":"f","type":"f","mode":"0777","size":4,"obj":"@evil"}""")]
    public async Task A_link_that_takes_the_place_of_a_directory_leads_nothing_outside(string entries)
    {
        await RestoreCraftedAsync(entries);

        Assert.Equal("outside\noutside/f\n", _run.Files.Shell("find outside | sort"));
        Assert.Equal("kept\n", _run.Files.Shell("cat outside/f"));
    }

    [Theory]
    [InlineData("""{"name":"bad","type":"f","mode":"0644","size":5,"obj":"@evil"}""", "bad")] // longer than its bytes
    [InlineData("""{"name":"bad","type":"f","mode":"0644","size":4,"obj":"0123456789abcdef0123456789abcdef"}""", "bad")] // not there
    [InlineData("""{"name":"bad","type":"d","mode":"0755","obj":"k0123456789abcdef0123456789abcdef"}""", "bad")]
    [InlineData("""{"name":"bad","type":"d","mode":"0755","obj":"@evil"}""", "bad")] // no directory
    [InlineData("""{"name":"bad","type":"q","mode":"0755","obj":"@evil"}""", "")]
    [InlineData("""{"name":"bad","type":"f","mode":755,"size":4,"obj":"@evil"}""", "")]
    [InlineData("""{"name":"bad","type":"f","mode":"0999","size":4,"obj":"@evil"}""", "")]
    [InlineData("""{"name":"bad","type":"f","mtime":"yesterday","size":4,"obj":"@evil"}""", "")]
    [InlineData("""{"name":"bad","type":"f","size":-1,"obj":"@evil"}""", "")]
    [InlineData("""{"name":"bad","type":"f","obj":"../../x"}""", "")]
    [InlineData("""{"name":"bad","type":"f","size":4,"obj":"@evil","posix":{"holes":[0,9223372036854775807,1,1]}}""", "")]
    public async Task A_wrong_entry_is_a_problem_and_what_came_before_it_is_restored(string entry, string path)
    {
        TreeRestoreResult result = await RestoreCraftedAsync("""{"name":"good","type":"f","mode":"0644","size":4,"obj":"@evil"},""" + entry);

        Assert.Equal(path, Assert.Single(result.Problems).Path);
        Assert.Equal("evil", _run.Files.Shell("cat restored/good; test ! -f restored/bad"));
    }

    [Theory]
    [InlineData(".checkpointed.large.6f9619ff-8b86-d011-b42d-00cf4fc964ff", "")] // Kopia's checkpoints: the whole file's length, and what there was of it
    [InlineData("single", ""","summ":{"size":4,"files":1,"symlinks":0,"dirs":0,"maxTime":"2020-01-01T00:00:00Z","numFailed":0}""")] // a snapshot of one file that grew meanwhile
    public async Task A_file_of_which_Kopia_kept_another_length_than_it_tells_is_restored_as_it_was_kept(string name, string more)
    {
        TreeRestoreResult result = await RestoreCraftedAsync($$"""{"name":"{{name}}","type":"f","mode":"0644","size":5000,"obj":"@evil"{{more}}}""");

        Assert.Empty(result.Problems);
        Assert.Equal(name, Assert.Single(result.Warnings).Path);
        Assert.Equal("evil", _run.Files.Shell($"cat restored/{name}"));
    }

    [Fact]
    public async Task Changed_bytes_in_a_directory_never_do_more_than_damage()
    {
        Random random = TestSeed.Random();
        byte[] good = Encoding.UTF8.GetBytes(
            """{"stream":"kopia:directory","entries":[{"name":"a","type":"f","mode":"0644","size":4,"mtime":"2020-01-01T00:00:00.5Z","uid":1,"obj":"0123","posix":{"xattrs":{"user.a":"AAA="},"holes":[0,4]}}],"summary":{"size":4,"files":1,"symlinks":0,"dirs":1,"maxTime":"2020-01-01T00:00:00Z","numFailed":0},"special":[{"name":"p","type":"p"}]}""");
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        List<ObjectId> ids = [];
        await using (WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None))
        {
            for (int i = 0; i < 300; i++)
            {
                byte[] bad = [.. good];
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
                ids.Add(await session.WriteObjectAsync(i % 2 == 0 ? bad : bad.AsMemory(0, random.Next(bad.Length)), ObjectKind.Directory, CancellationToken.None));
            }

            await session.FlushAsync(CancellationToken.None);
        }

        foreach (ObjectId id in ids)
        {
            DirectoryEntry root = new() { Name = "r", Kind = EntryKind.Directory, Permissions = 0x1ED, ObjectId = id };
            await new TreeRestorer(repository, new TreeRestoreOptions { Sync = false }, TimeProvider.System).RestoreAsync(root, _run.Files["restored"], null, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_named_with_its_blob_and_all_others_are_restored()
    {
        for (int i = 1; i <= 9; i++)
        {
            _run.Change($"head -c 200000 /dev/urandom >f{i}");
        }

        VolumeSnapshotResult backup = await _run.BackupAsync();
        ObjectContent damaged = await FindContentAsync(backup.SnapshotId, "f5");
        string pack = _run.Files["bucket/kopia/arr/" + damaged.Pack];
        byte[] bytes = await File.ReadAllBytesAsync(pack);
        bytes[damaged.PackOffset + 1000] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes);

        TreeRestoreResult result = await _run.RestoreAsync(backup.SnapshotId);

        PathProblem problem = Assert.Single(result.Problems);
        Assert.Equal("f5", problem.Path);
        Assert.Contains(damaged.Pack.ToString(), problem.Message, StringComparison.Ordinal);
        Assert.Equal(8, result.Statistics.Files);
        Assert.Equal("8\n", _run.Files.Shell("ls restored | wc -l"));
    }

    [Fact]
    public async Task A_lost_pack_is_named_and_does_not_end_the_restore()
    {
        _run.Change("mkdir d; head -c 200000 /dev/urandom >d/f; touch empty-directory-entry; mkdir e");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        ObjectContent lost = await FindContentAsync(backup.SnapshotId, "empty-directory-entry");
        File.Delete(_run.Files["bucket/kopia/arr/" + lost.Pack]);

        TreeRestoreResult result = await _run.RestoreAsync(backup.SnapshotId);

        Assert.Equal(["d/f", "empty-directory-entry"], result.Problems.Select(static problem => problem.Path));
        Assert.All(result.Problems, problem => Assert.Contains(lost.Pack.ToString(), problem.Message, StringComparison.Ordinal));
        Assert.Equal(3, result.Statistics.Directories);
    }

    [Fact]
    public async Task A_tree_that_is_too_deep_is_recorded_and_the_rest_is_kept()
    {
        _run.Change("echo x >f");
        MakeDeep(DirectoryHandle.Open(_run.Files["volume"]), levels: 2010);

        VolumeSnapshotResult backup = await _run.BackupAsync();
        TreeRestoreResult restore = await _run.RestoreAsync(backup.SnapshotId);

        Assert.Equal(1, backup.FailureCount);
        Assert.Contains("2000 levels", Assert.Single(backup.Failures).Message, StringComparison.Ordinal);
        Assert.Empty(restore.Problems);
        Assert.Equal(2001, restore.Statistics.Directories);
    }

    [Fact]
    public async Task A_directory_that_holds_itself_ends_where_it_begins_again()
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        ContentId forged = ContentId.Parse("k0123456789abcdef0123456789abcdef");
        await ForgedContent.PutAsync(store, repository, forged, Encoding.UTF8.GetBytes(
            $$"""{"stream":"kopia:directory","entries":[{"name":"a","type":"d","mode":"0755","obj":"{{forged}}"},{"name":"b","type":"d","mode":"0755","obj":"{{forged}}"}]}"""));
        DirectoryEntry root = new() { Name = "root", Kind = EntryKind.Directory, Permissions = 0x1ED, ObjectId = ObjectId.Direct(forged) };

        TreeRestoreResult result = await new TreeRestorer(repository, new TreeRestoreOptions(), TimeProvider.System)
            .RestoreAsync(root, _run.Files["restored"], null, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["a/a", "a/b", "b/a", "b/b"], result.Problems.Select(static problem => problem.Path));
        Assert.Contains("within itself", result.Problems[0].Message, StringComparison.Ordinal);
    }

    private static void MakeDeep(DirectoryHandle root, int levels)
    {
        DirectoryHandle directory = root;
        for (int i = 0; i < levels; i++)
        {
            using DirectoryHandle above = directory;
            above.CreateDirectory(FileName.Parse("d"));
            directory = above.OpenDirectory(FileName.Parse("d"));
        }

        directory.Dispose();
    }

    private async Task<ObjectContent> FindContentAsync(ManifestId snapshot, string name)
    {
        await using VolumeDataRepository volume = await _run.OpenAsync();
        TreeSnapshot found = await volume.GetAsync(snapshot, CancellationToken.None);
        await using var reader = await BackupFunctions.Engine.Snapshots.Format.DirectoryReader.OpenAsync(volume.Repository, found.Root.ObjectId, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None) is { } entry)
        {
            if (entry.Name == name)
            {
                await foreach (ObjectContent content in volume.Repository.ListObjectContentsAsync(entry.ObjectId, CancellationToken.None))
                {
                    return content;
                }
            }
        }

        throw new InvalidOperationException($"{name} is not in the snapshot");
    }

    /// <summary>Restores a root directory of the given entries; @dir is a directory with a file f, @evil four bytes, @link and @file targets outside.</summary>
    private async Task<TreeRestoreResult> RestoreCraftedAsync(string entries)
    {
        _run.Files.Shell("mkdir outside; echo kept >outside/f");
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        ObjectId evil = await session.WriteObjectAsync("evil"u8.ToArray(), ObjectKind.File, CancellationToken.None);
        ObjectId link = await session.WriteObjectAsync("../outside"u8.ToArray(), ObjectKind.File, CancellationToken.None);
        ObjectId file = await session.WriteObjectAsync("../outside/f"u8.ToArray(), ObjectKind.File, CancellationToken.None);
        ObjectId directory = await WriteDirectoryAsync(session, $$"""{"name":"f","type":"f","mode":"0644","size":4,"obj":"{{evil}}"}""");
        ObjectId root = await WriteDirectoryAsync(
            session, entries.Replace("@dir", directory.ToString(), StringComparison.Ordinal).Replace("@evil", evil.ToString(), StringComparison.Ordinal)
                .Replace("@link", link.ToString(), StringComparison.Ordinal).Replace("@file", file.ToString(), StringComparison.Ordinal));
        await session.FlushAsync(CancellationToken.None);
        DirectoryEntry entry = new() { Name = "root", Kind = EntryKind.Directory, Permissions = 0x1ED, ObjectId = root };
        return await new TreeRestorer(repository, new TreeRestoreOptions { Parallelism = 1 }, TimeProvider.System)
            .RestoreAsync(entry, _run.Files["restored"], null, CancellationToken.None);
    }

    private static Task<ObjectId> WriteDirectoryAsync(WriteSession session, string entries) => session.WriteObjectAsync(
        Encoding.UTF8.GetBytes($$$"""{"stream":"kopia:directory","entries":[{{{entries}}}],"summary":{}}"""), ObjectKind.Directory, CancellationToken.None);
}
