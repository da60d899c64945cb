using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Peers;
using BackupFunctions.Tests.Peers.Kopia;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>What the real kopia writes besides whole snapshots of directories, and what this project writes of names that are no text.</summary>
public sealed class KopiaPartialSnapshotTests : IDisposable
{
    private const string Password = "correct horse";
    private static readonly KopiaIdentity Identity = new("tester", "tests");

    private readonly TestFolder _folder = new();

    public KopiaPartialSnapshotTests()
    {
        Directory.CreateDirectory(Repository);
        _folder.Shell("""
            mkdir -p tree/docs
            for i in $(seq 1 40); do head -c 50000 /dev/urandom >tree/docs/f$i; done
            head -c 4194304 /dev/urandom >tree/exact
            head -c 9000000 /dev/urandom >tree/large
            """);
    }

    private string Repository => _folder["repository"];

    private string Tree => _folder["tree"];

    public void Dispose() => _folder.Dispose();

    [PeerFact(Peer.Kopia)]
    public async Task A_file_alone_and_a_snapshot_that_broke_off_are_read_and_gone_on_with()
    {
        await InKopiasLayoutAsync(async () =>
        {
            using KopiaProgram kopia = await KopiaProgram.CreateAsync(
                KopiaPlace.Folder(Repository), Identity, Password, 3, "BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-128K-BUZHASH");
            await kopia.RunAsync(KopiaCommands.SetPartsAndMetadataCompression(1, "zstd"));
            await kopia.RunAsync(KopiaCommands.CreateSnapshot(Path.Combine(Tree, "large")));
            await kopia.RunAsync(KopiaCommands.BreakOffSnapshot(Tree));
        });

        ManifestId id = await OwnTurnAsync();
        await InKopiasLayoutAsync(() => KopiaTurnAsync(id, "restored"));
        await using KopiaRepository repository = await OpenAsync();
        await AssertWholeAsync(repository);

        Assert.Equal(_folder.Shell("cd tree; find . -type f -exec sha256sum {} + | sort"), _folder.Shell("cd restored; find . -type f -exec sha256sum {} + | sort"));
    }

    [PeerFact(Peer.Kopia)]
    public async Task Names_that_are_no_text_and_nodes_do_not_keep_kopia_from_restoring_the_others()
    {
        _folder.Shell("""
            cd tree
            rm large exact
            printf one >"$(printf 'latin \xe4 one')"
            printf two >"$(printf '\xff%.0s' $(seq 255))"
            mkfifo pipe
            ln docs/f1 docs/hard
            setfattr -n user.key -v value docs/f2 2>/dev/null || true
            """);
        await (await KopiaRepository.CreateAsync(OpenFolder(), Password, new NewRepositoryOptions(), new RepositoryOptions(), TimeProvider.System, CancellationToken.None)).DisposeAsync();

        ManifestId id = await BackUpAsync();
        await InKopiasLayoutAsync(() => KopiaTurnAsync(id, "restored"));

        const string Hashes = "find . -type f -exec sha256sum {} + | cut -d' ' -f1 | sort";
        Assert.Equal(_folder.Shell($"cd tree; {Hashes}"), _folder.Shell($"cd restored; {Hashes}"));
    }

    /// <summary>Restores the one file and what there is of the tree, and takes a whole snapshot of it.</summary>
    private async Task<ManifestId> OwnTurnAsync()
    {
        await using (KopiaRepository repository = await OpenAsync())
        {
            await AssertWholeAsync(repository);
            SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(CancellationToken.None);
            TreeSnapshot file = Assert.Single(listing.Snapshots, static snapshot => snapshot.Root.Kind == EntryKind.File);
            TreeSnapshot partial = Assert.Single(listing.Snapshots, static snapshot => !snapshot.IsComplete);
            TreeRestorer restorer = new(repository, new TreeRestoreOptions(), TimeProvider.System);
            Assert.Empty((await restorer.RestoreAsync(file.Root, _folder["file"], null, CancellationToken.None)).Problems);
            Assert.Empty((await restorer.RestoreAsync(partial.Root, _folder["partial"], null, CancellationToken.None)).Problems);
            _folder.Shell("cmp tree/large file");
        }

        return await BackUpAsync();
    }

    private async Task<ManifestId> BackUpAsync()
    {
        await using KopiaRepository repository = await OpenAsync();
        SnapshotDescription description = new(new SnapshotSource(Identity.Host, Identity.User, Tree), "", new Dictionary<string, string>(), []);
        TreeBackupResult result = await new TreeBackup(repository, new UploadOptions(), TimeProvider.System).RunAsync(description, Tree, null, CancellationToken.None);
        Assert.Empty(result.Upload.Failures);
        return result.Upload.Snapshot.Id;
    }

    private async Task KopiaTurnAsync(ManifestId id, string target)
    {
        using KopiaProgram kopia = await KopiaProgram.ConnectAsync(KopiaPlace.Folder(Repository), Identity, Password);
        await kopia.RunAsync(KopiaCommands.VerifySnapshots());
        await kopia.RunAsync(KopiaCommands.VerifyContents());
        await kopia.RunAsync(KopiaCommands.Restore(id.ToString(), _folder[target]));
        await kopia.RunAsync(KopiaCommands.CreateSnapshot(Tree));
        await kopia.RunAsync(KopiaCommands.TakeMaintenance());
        await kopia.RunAsync(KopiaCommands.Maintain());
        await kopia.RunAsync(KopiaCommands.VerifySnapshots());
    }

    private static async Task AssertWholeAsync(KopiaRepository repository)
    {
        VerificationReport verified = await new SnapshotVerifier(repository).VerifyAsync(VerificationOptions.Full, null, CancellationToken.None);
        Assert.True(verified.IsWhole, string.Join('\n', verified.Findings));
    }

    private async Task InKopiasLayoutAsync(Func<Task> act)
    {
        KopiaLayout.Shard(Repository);
        await act();
        KopiaLayout.Flatten(Repository);
    }

    private Task<KopiaRepository> OpenAsync() => KopiaRepository.OpenAsync(OpenFolder(), Password, new RepositoryOptions(), TimeProvider.System, CancellationToken.None);

    private IBlobStore OpenFolder() => BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + Repository), null, new BlobStoreOptions(), TimeProvider.System);
}
