using System.Globalization;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Engine.Storage.S3;
using BackupFunctions.Tests.Peers;
using BackupFunctions.Tests.Peers.Processes;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Many processes write into one repository at the same time, without knowing of each other.</summary>
public sealed class ConcurrentProcessesTests : IDisposable
{
    private const int ProcessCount = 8;
    private const string Password = "correct horse";

    private readonly TestFolder _folder = new();

    /// <summary>Eight trees: some files are in all of them, some in two, some in one only.</summary>
    public ConcurrentProcessesTests() => _folder.Shell(string.Create(CultureInfo.InvariantCulture, $"""
        mkdir shared
        for i in $(seq 1 20); do head -c $((i * 30000)) /dev/urandom >shared/f$i; done
        head -c 12000000 /dev/urandom >shared/large
        for t in $(seq 1 {ProcessCount}); do
          mkdir -p tree$t/own
          cp -a shared tree$t/shared
          for i in $(seq 1 20); do head -c $((i * 10000)) /dev/urandom >tree$t/own/f$i; done
          head -c 3000000 /dev/urandom >tree$t/own/large
        done
        for t in $(seq 2 2 {ProcessCount}); do cp -a tree$t/own tree$((t - 1))/neighbour; done
        """));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Eight_processes_back_up_into_one_folder_and_every_snapshot_restores_exactly()
    {
        string url = "file://" + _folder["bucket"];
        Directory.CreateDirectory(_folder["bucket"]);

        await BackUpAllAsync(BlobStoreFactory.Open(BlobStoreUrl.Parse(url), null, new BlobStoreOptions(), TimeProvider.System), url, []);

        if (KopiaChecker.ReasonMissing is null)
        {
            KopiaCheckResult check = await KopiaChecker.RunAsync(_folder["bucket"], Password);
            Assert.True(check.ExitCode == 0, check.Output);
        }
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task Eight_processes_back_up_into_one_bucket_and_every_snapshot_restores_exactly()
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("kopia/ns");
        Dictionary<string, string> credentials = new() { ["AWS_ACCESS_KEY_ID"] = S3Gateway.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = S3Gateway.SecretKey };

        await BackUpAllAsync(new S3BlobStore(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System), url.ToString(), credentials);
    }

    private async Task BackUpAllAsync(IBlobStore store, string url, Dictionary<string, string> environment)
    {
        await (await KopiaRepository.CreateAsync(store, Password, new NewRepositoryOptions(), new RepositoryOptions(), TimeProvider.System, CancellationToken.None)).DisposeAsync();
        await Task.WhenAll(Enumerable.Range(1, ProcessCount).Select(number => BackUpAsync(url, _folder[$"tree{number}"], environment)));
        await CheckAsync(store);
    }

    private static async Task BackUpAsync(string url, string tree, Dictionary<string, string> environment)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "backupctl.dll");
        ToolRun run = await ToolRun.RunAsync(
            "dotnet",
            [program, "repo", "snapshot", "create", tree, "--store", url],
            new Dictionary<string, string>(environment) { ["REPOSITORY_PASSWORD"] = Password });
        run.ThrowIfFailed($"backing up {tree}");
    }

    /// <summary>Every tree has its snapshot, and that is the tree as it is.</summary>
    private async Task CheckAsync(IBlobStore store)
    {
        await using KopiaRepository repository = await KopiaRepository.OpenAsync(store, Password, new RepositoryOptions(), TimeProvider.System, CancellationToken.None);
        SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(CancellationToken.None);
        Assert.Empty(listing.Unreadable);
        Assert.Equal(ProcessCount, listing.Snapshots.Count);
        TreeRestorer restorer = new(repository, new TreeRestoreOptions(), TimeProvider.System);
        for (int number = 1; number <= ProcessCount; number++)
        {
            string tree = string.Create(CultureInfo.InvariantCulture, $"tree{number}");
            string target = string.Create(CultureInfo.InvariantCulture, $"restored{number}");
            TreeSnapshot taken = listing.Snapshots.Single(snapshot => snapshot.Source.Path == _folder[tree]);
            Assert.Empty((await restorer.RestoreAsync(taken.Root, _folder[target], null, CancellationToken.None)).Problems);
            Assert.Equal(_folder.Describe(tree), _folder.Describe(target));
        }

        VerificationReport verified = await new SnapshotVerifier(repository).VerifyAsync(VerificationOptions.Full, null, CancellationToken.None);
        Assert.True(verified.IsWhole, string.Join('\n', verified.Findings));
    }
}
