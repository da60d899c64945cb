using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Engine.Storage.S3;
using BackupFunctions.Tests.Peers;
using BackupFunctions.Tests.Peers.Kopia;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>
/// The real kopia and this project take turns on one repository: each verifies and restores all that is there, adds a snapshot on
/// top of the other's, deletes one, and maintains it. Needs the kopia program on PATH; written for kopia 0.23.1.
/// </summary>
public sealed class KopiaRoundTripTests : IDisposable
{
    private const string Password = "correct horse";
    private static readonly KopiaIdentity Identity = new("tester", "tests");

    private readonly TestFolder _folder = new();
    private readonly List<(ManifestId Id, IReadOnlyList<string> Tree)> _live = []; // oldest first
    private int _restores;

    public KopiaRoundTripTests()
    {
        Directory.CreateDirectory(Repository);
        _folder.Shell("""
            mkdir -p tree/docs/deep/er tree/empty tree/modes
            for i in $(seq 1 12); do head -c $((i * 40000)) /dev/urandom >tree/docs/f$i; done
            cp tree/docs/f3 tree/docs/deep/copy
            head -c 9000000 /dev/urandom >tree/large
            yes 'some text that is worth compressing' | head -c 3000000 >tree/docs/deep/er/text
            head -c 2000000 /dev/zero >tree/zeros
            : >tree/nothing
            ln -s docs/f1 tree/link
            ln -s /nowhere/at/all tree/docs/dangling
            for m in 600 644 755 4755 2755 1777 400; do echo $m >tree/modes/m$m; chmod $m tree/modes/m$m; done
            printf 'name' >'tree/docs/ünïcode <&> "name"'
            printf 'long' >"tree/docs/$(printf 'n%.0s' $(seq 255))"
            mkdir -m 1777 tree/sticky; mkdir -m 2755 tree/setgid
            mkdir tree/many; (cd tree/many; seq -f 'a name that is rather long, number %06g' 1 3000 | xargs -d '\n' touch)
            truncate -s 3M tree/sparse
            head -c 4194304 /dev/urandom >tree/exact
            find tree -exec touch -h -d '2024-02-29 12:34:56.123456789 UTC' {} +
            touch -d '1931-05-06 07:08:09.000000001 UTC' tree/docs/f12
            """);
    }

    private string Repository => _folder["repository"];

    private string Tree => _folder["tree"];

    public void Dispose() => _folder.Dispose();

    [PeerTheory(Peer.Kopia)]
    [InlineData(3, "BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-4M-BUZHASH")]
    [InlineData(2, "HMAC-SHA256-128", "CHACHA20-POLY1305-HMAC-SHA256", "DYNAMIC-1M-RABINKARP")]
    [InlineData(1, "BLAKE2S-256", "AES256-GCM-HMAC-SHA256", "FIXED-1M")]
    [InlineData(3, "BLAKE3-256-128", "CHACHA20-POLY1305-HMAC-SHA256", "DYNAMIC-128K-BUZHASH")]
    [InlineData(3, "HMAC-SHA3-224", "AES256-GCM-HMAC-SHA256", "DYNAMIC-2M-BUZHASH")]
    public async Task What_this_project_began_kopia_goes_on_with_and_back(int formatVersion, string hash, string encryption, string splitter)
    {
        NewRepositoryOptions create = new() { FormatVersion = formatVersion, Hash = hash, Encryption = encryption, Splitter = splitter };
        await (await KopiaRepository.CreateAsync(OpenFolder(), Password, create, new RepositoryOptions(), TimeProvider.System, CancellationToken.None)).DisposeAsync();

        for (int turn = 0; turn < 3; turn++)
        {
            await OwnTurnAsync(OpenFolder());
            await InKopiasLayoutAsync(() => KopiaTurnAsync(KopiaPlace.Folder(Repository), isOwner: turn > 0));
        }

        await OwnTurnAsync(OpenFolder());
    }

    [PeerTheory(Peer.Kopia)]
    [InlineData(3, "BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-4M-BUZHASH", "zstd")]
    [InlineData(3, "BLAKE3-256", "AES256-GCM-HMAC-SHA256", "DYNAMIC-1M-BUZHASH", "pgzip")]
    [InlineData(2, "BLAKE2S-128", "CHACHA20-POLY1305-HMAC-SHA256", "DYNAMIC-2M-RABINKARP", "s2-default")]
    [InlineData(2, "HMAC-SHA3-256", "AES256-GCM-HMAC-SHA256", "FIXED-512K", "deflate-default")]
    [InlineData(1, "BLAKE2B-256", "AES256-GCM-HMAC-SHA256", "DYNAMIC-1M-BUZHASH", "none")]
    public async Task What_kopia_began_this_project_goes_on_with_and_back(int formatVersion, string hash, string encryption, string splitter, string compressor)
    {
        await InKopiasLayoutAsync(async () =>
        {
            using KopiaProgram kopia = await KopiaProgram.CreateAsync(KopiaPlace.Folder(Repository), Identity, Password, formatVersion, hash, encryption, splitter);
            await kopia.RunAsync(KopiaCommands.SetCompression(compressor));
            await kopia.RunAsync(KopiaCommands.SetPartsAndMetadataCompression(2, "gzip"));
        });

        for (int turn = 0; turn < 3; turn++)
        {
            await InKopiasLayoutAsync(() => KopiaTurnAsync(KopiaPlace.Folder(Repository), isOwner: true));
            await OwnTurnAsync(OpenFolder());
        }

        await InKopiasLayoutAsync(() => KopiaTurnAsync(KopiaPlace.Folder(Repository), isOwner: true));
        await OwnTurnAsync(OpenFolder());
    }

    [PeerFact(Peer.Kopia, Peer.S3Gateway)]
    public async Task In_a_bucket_both_read_and_write_at_the_same_place()
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("kopia/ns");
        S3BlobStore store = new(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);
        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        KopiaPlace place = KopiaPlace.Bucket(gateway.Endpoint, url.Bucket, "kopia/ns/", S3Gateway.AccessKey, S3Gateway.SecretKey, S3Gateway.Region);
        await (await KopiaRepository.CreateAsync(store, Password, new NewRepositoryOptions(), new RepositoryOptions(), TimeProvider.System, CancellationToken.None)).DisposeAsync();

        await OwnTurnAsync(store);
        await KopiaTurnAsync(place, isOwner: false);
        await OwnTurnAsync(store);
        await KopiaTurnAsync(place, isOwner: true);
        await OwnTurnAsync(store);
    }

    /// <summary>Both sides know the snapshots of the other; both must restore each as it was.</summary>
    private async Task OwnTurnAsync(IBlobStore store)
    {
        await using KopiaRepository repository = await KopiaRepository.OpenAsync(store, Password, new RepositoryOptions(), TimeProvider.System, CancellationToken.None);
        await RestoreAllAsync(repository);
        await AddSnapshotAsync(repository);
        await DeleteOldestAsync(repository);
        MaintenanceOptions everything = new() { Mode = MaintenanceMode.Full, Safety = MaintenanceSafety.None, Identity = Identity.ToString() };
        await new SnapshotMaintenance(repository).RunAsync(everything, CancellationToken.None);
        await repository.RefreshAsync(CancellationToken.None);
        await RestoreAllAsync(repository);
        VerificationReport verified = await new SnapshotVerifier(repository).VerifyAsync(VerificationOptions.Full, null, CancellationToken.None);
        Assert.True(verified.IsWhole, string.Join('\n', verified.Findings));
    }

    private async Task KopiaTurnAsync(KopiaPlace place, bool isOwner)
    {
        using KopiaProgram kopia = await KopiaProgram.ConnectAsync(place, Identity, Password);
        await VerifyAsync(kopia);
        await kopia.RunAsync(KopiaCommands.CreateSnapshot(Change()));
        if (_live.Count > 2)
        {
            await kopia.RunAsync(KopiaCommands.DeleteSnapshot(_live[0].Id.ToString()));
            _live.RemoveAt(0);
        }

        if (!isOwner)
        {
            await kopia.RunAsync(KopiaCommands.TakeMaintenance());
        }

        await kopia.RunAsync(KopiaCommands.MaintainQuickly());
        await kopia.RunAsync(KopiaCommands.MaintainSafely());
        await VerifyAsync(kopia);
        await kopia.RunAsync(KopiaCommands.Maintain());
        await VerifyAsync(kopia);
    }

    private async Task VerifyAsync(KopiaProgram kopia)
    {
        await kopia.RunAsync(KopiaCommands.VerifySnapshots());
        await kopia.RunAsync(KopiaCommands.VerifyContents());
        foreach ((ManifestId id, IReadOnlyList<string> expected) in _live)
        {
            string target = NextTarget();
            await kopia.RunAsync(KopiaCommands.Restore(id.ToString(), _folder[target]));
            Assert.Equal(expected.Select(AsKopiaRestores), _folder.Describe(target).Select(AsKopiaRestores));
        }
    }

    private async Task RestoreAllAsync(KopiaRepository repository)
    {
        SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(CancellationToken.None);
        Assert.Empty(listing.Unreadable);
        foreach (TreeSnapshot snapshot in listing.Snapshots.Where(snapshot => !_live.Any(live => live.Id == snapshot.Id)))
        {
            _live.Add((snapshot.Id, _folder.Describe("tree"))); // kopia's own newest, taken of the tree as it still is
        }

        Assert.Equal(_live.Select(static live => live.Id).Order(), listing.Snapshots.Select(static snapshot => snapshot.Id).Order());
        TreeRestorer restorer = new(repository, new TreeRestoreOptions(), TimeProvider.System);
        foreach (TreeSnapshot snapshot in listing.Snapshots)
        {
            string target = NextTarget();
            TreeRestoreResult result = await restorer.RestoreAsync(snapshot.Root, _folder[target], null, CancellationToken.None);
            Assert.Empty(result.Problems);
            Assert.Equal(_live.Single(live => live.Id == snapshot.Id).Tree, _folder.Describe(target));
        }
    }

    private async Task AddSnapshotAsync(KopiaRepository repository)
    {
        SnapshotSource source = new(Identity.Host, Identity.User, Tree);
        SnapshotListing earlier = await new SnapshotCatalog(repository).ListAsync(source, CancellationToken.None);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        TreeUploadResult upload = await new TreeUploader(repository, new UploadOptions(), TimeProvider.System).UploadAsync(
            session, Change(), "tree", new SnapshotDescription(source, "", new Dictionary<string, string>(), []), [.. earlier.Snapshots.TakeLast(1)], null, CancellationToken.None);
        _live.Add((SnapshotCatalog.Put(session, upload.Snapshot), _folder.Describe("tree")));
        await session.FlushAsync(CancellationToken.None);

        Assert.Empty(upload.Failures);
        Assert.True(earlier.Snapshots.Count == 0 || upload.Snapshot.Statistics.ReusedFiles > 0, "nothing was taken over from the earlier snapshot");
    }

    private async Task DeleteOldestAsync(KopiaRepository repository)
    {
        if (_live.Count > 3)
        {
            await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
            SnapshotCatalog.Delete(session, _live[0].Id);
            await session.FlushAsync(CancellationToken.None);
            await repository.RefreshAsync(CancellationToken.None);
            _live.RemoveAt(0);
        }
    }

    private async Task InKopiasLayoutAsync(Func<Task> act)
    {
        KopiaLayout.Shard(Repository);
        await act();
        KopiaLayout.Flatten(Repository);
    }

    /// <returns>The tree, with a few files added, changed and gone.</returns>
    private string Change()
    {
        _folder.Shell($"""
            cd tree
            head -c 300000 /dev/urandom >docs/new{_restores}
            head -c 100000 /dev/urandom >>large
            rm -f "docs/f$((({_restores} % 12) + 1))"
            touch -d '2024-03-{(_restores % 28) + 1:D2} 01:02:03.000000004 UTC' docs
            """);
        return Tree;
    }

    private string NextTarget() => $"restored{_restores++}";

    private IBlobStore OpenFolder() => BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + Repository), null, new BlobStoreOptions(), TimeProvider.System);

    /// <summary>
    /// Kopia gives a restored directory the newest time of all that is in it, not its own, and sets the time of a symbolic link to the
    /// microsecond only (snapshot/restore/local_fs_output_unix.go).
    /// </summary>
    private static string AsKopiaRestores(string line)
    {
        const int Time = 6, MicrosecondDigits = 6;
        string[] fields = line.Split('|');
        switch (fields)
        {
            case [_, "d", ..]:
                return string.Join('|', fields[..Time]);
            case [_, "l", ..]:
                fields[Time] = fields[Time][..(fields[Time].IndexOf('.', StringComparison.Ordinal) + 1 + MicrosecondDigits)];
                return string.Join('|', fields);
            default:
                return line;
        }
    }
}
