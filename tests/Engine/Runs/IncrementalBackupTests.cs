using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>The second backup of a volume sends what changed, and little else: counted at the store.</summary>
public sealed class IncrementalBackupTests : IDisposable
{
    private const int Folders = 10;
    private const int FilesPerFolder = 20;
    private const int FileBytes = 20_000;
    private const int ChangedBytes = 150_000;
    private static readonly DateTime Written = new(2025, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public Task In_a_folder_only_what_changed_is_sent() => CheckAsync(RunHarness.OpenFolderStore(folder.Below("store")));

    [PeerFact(Peer.S3Gateway)]
    public async Task In_S3_only_what_changed_is_sent()
    {
        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        string bucket = await gateway.NewBucketAsync();
        BlobStoreUrl url = BlobStoreUrl.Parse($"s3://{bucket}/velero?endpoint={gateway.Endpoint.GetLeftPart(UriPartial.Authority)}&region={S3Gateway.Region}");
        await CheckAsync(BlobStoreFactory.Open(url, new S3Credentials(S3Gateway.AccessKey, S3Gateway.SecretKey, null), new BlobStoreOptions(), TimeProvider.System));
    }

    private async Task CheckAsync(IBlobStore inner)
    {
        string cluster = folder.Below("cluster");
        SmallCluster.Write(cluster);
        WritePod(cluster, "web-1");
        string data = folder.Below("cluster", "volumes", "app-data-pvc-1");
        WriteFiles(data);
        ObservedBlobStore store = new(inner);

        await BackUpAsync(store, "first");
        Assert.InRange(store.Bytes(StoreOperation.Put, "kopia/app/p"), (Folders * FilesPerFolder * FileBytes) + 3_000_000, (Folders * FilesPerFolder * FileBytes) + 3_200_000);

        store.Reset();
        await BackUpAsync(store, "same");
        Assert.Equal(0, store.Count(StoreOperation.Put, "kopia/app/p"));
        AssertLittleMetadata(store);

        // A file of another content that looks the same is only taken for the same when the previous snapshot is asked, and nothing read.
        store.Reset();
        RenamePod(cluster);
        ChangeUnseen(Path.Combine(data, "d3", "f3"));
        await BackUpAsync(store, "renamed");
        Assert.Equal(0, store.Count(StoreOperation.Put, "kopia/app/p"));
        AssertLittleMetadata(store);

        store.Reset();
        byte[] changed = new byte[ChangedBytes];
        new Random(3).NextBytes(changed);
        await File.WriteAllBytesAsync(Path.Combine(data, "d5", "f5"), changed);
        await BackUpAsync(store, "changed");
        Assert.InRange(store.Bytes(StoreOperation.Put, "kopia/app/p"), ChangedBytes, ChangedBytes + 10_000);
        AssertLittleMetadata(store);
        Assert.InRange(store.Bytes(StoreOperation.Get, "kopia/app/p"), 0, 0);
    }

    private async Task BackUpAsync(IBlobStore store, string name)
    {
        using RunHarness harness = RunHarness.OnFolder(folder.Below("cluster"), store);
        VeleroBackup backup = await harness.BackUpAsync(name, new BackupSpec { IncludedNamespaces = ["app"] });
        Assert.True(backup.Status is { Phase: BackupPhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(backup));
        PodVolumeBackup volume = Assert.Single(await harness.Backups.Catalog.ReadPodVolumeBackupsAsync(BackupName.Parse(name), CancellationToken.None));
        Assert.StartsWith("web-", volume.Spec.Pod.Name, StringComparison.Ordinal);
    }

    // At most: directories that changed and the snapshot's manifest (two packs), and an index of each.
    private static void AssertLittleMetadata(ObservedBlobStore store)
    {
        string[] puts = [.. store.Calls.Where(call => call.Operation == StoreOperation.Put && call.Name.StartsWith("kopia/", StringComparison.Ordinal)).Select(call => $"{call.Name} {call.Bytes}")];
        long metadata = store.Bytes(StoreOperation.Put, "kopia/") - store.Bytes(StoreOperation.Put, "kopia/app/p");
        Assert.True(puts.Length <= 6, string.Join('\n', puts));
        Assert.True(metadata < 64_000, string.Join('\n', puts));
    }

    private static void WriteFiles(string data)
    {
        Random random = new(11);
        byte[] bytes = new byte[FileBytes];
        for (int i = 0; i < Folders; i++)
        {
            Directory.CreateDirectory(Path.Combine(data, $"d{i}"));
            for (int j = 0; j < FilesPerFolder; j++)
            {
                random.NextBytes(bytes);
                string path = Path.Combine(data, $"d{i}", $"f{j}");
                File.WriteAllBytes(path, bytes);
                File.SetLastWriteTimeUtc(path, Written);
            }
        }
    }

    private static void WritePod(string cluster, string name)
    {
        string path = Path.Combine(cluster, "objects", "pods", "app");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, name + ".yaml"), $$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: {{name}}
              namespace: app
            spec:
              containers:
                - name: web
                  image: web:1
                  volumeMounts:
                    - name: files
                      mountPath: /data
              volumes:
                - name: files
                  persistentVolumeClaim:
                    claimName: data
            status:
              phase: Running
            """);
    }

    private static void RenamePod(string cluster)
    {
        File.Delete(Path.Combine(cluster, "objects", "pods", "app", "web-1.yaml"));
        WritePod(cluster, "web-2");
    }

    private static void ChangeUnseen(string path)
    {
        File.WriteAllBytes(path, new byte[FileBytes]);
        File.SetLastWriteTimeUtc(path, Written);
    }
}
