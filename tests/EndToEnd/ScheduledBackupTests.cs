using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Runs;
using BackupFunctions.Tests.Peers;
using Xunit;
using Xunit.Abstractions;

namespace BackupFunctions.Tests.EndToEnd;

/// <summary>
/// The main job on real parts: a real API server, real queues, a real S3 gateway, the function app as processes of its own, and the
/// accidents that it must survive.
/// </summary>
public sealed partial class ScheduledBackupTests(ITestOutputHelper output) : IDisposable
{
    private const string Password = "the-password-of-the-repositories";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private readonly TemporaryFolder folder = new();

    [PeerFact(Peer.Azurite, Peer.S3Gateway, Peer.KubeApiServer)]
    public async Task A_scheduled_backup_survives_a_killed_worker_and_a_killed_queue_and_restores_exactly()
    {
        KubeApiServer kube = await SharedPeers.KubeApiServerAsync();
        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        using AzuriteServer azurite = await AzuriteServer.StartAsync();
        using AmazonS3Client s3 = gateway.CreateClient();
        string bucket = await gateway.NewBucketAsync();
        string nas = Directory.CreateDirectory(folder.Below("nas")).FullName;
        ClusterContent content = new(kube.Api, $"x{Guid.NewGuid().ToString("N")[..6]}");
        if (await kube.Api.TryGetAsync($"/apis/storage.k8s.io/v1/storageclasses/{TestProvisioner.Class}") is null)
        {
            await kube.Api.CreateAsync(TestProvisioner.StorageClass);
        }

        await using TestProvisioner provisioner = new(kube.Api, nas);
        await content.CreateAsync(nas);
        Dictionary<string, string> volumes = await FillVolumesAsync(content, nas);
        SortedDictionary<string, string> objects = await content.DescribeAsync();
        Dictionary<string, string> settings = Settings(kube, gateway, azurite, bucket, nas, content);

        using AppProcess front = await AppProcess.StartAsync("front", folder.Below("front"), settings, FrontFunctions());
        using AppProcess left = await AppProcess.StartAsync("left", folder.Below("left"), settings, WorkerFunctions());
        using AppProcess right = await AppProcess.StartAsync("right", folder.Below("right"), settings, WorkerFunctions());

        string backup = await WaitForScheduledBackupAsync(front);
        azurite.Kill();
        output.WriteLine($"{DateTime.UtcNow:T} killed the queues in the middle of the fan-out of {backup}");
        await Task.Delay(TimeSpan.FromSeconds(1));
        await azurite.RestartAsync();
        AppProcess victim = await WaitForBigVolumeAsync(left, right);
        await Task.Delay(TimeSpan.FromMilliseconds(700));
        victim.Process.Kill();
        output.WriteLine($"{DateTime.UtcNow:T} killed worker {victim.Process.Name} in the middle of a volume");
        string item = BigVolumeStarted().Match(victim.Log).Groups["item"].Value;
        Assert.DoesNotContain($"Done item {item} of", victim.Log, StringComparison.Ordinal);

        JsonNode done = await WaitForEndAsync(front, $"/api/backups/{backup}");
        output.WriteLine($"{DateTime.UtcNow:T} backup: {done["status"]}");
        Assert.Equal("Completed", done["status"]!["phase"]!.ToString());
        await AssertOnceAndCleanAsync(s3, bucket, backup);
        await AssertCheckedAsync(s3, bucket, backup, volumes);

        await content.DeleteAsync();
        foreach (string data in volumes.Values)
        {
            await WaitUntilAsync(() => !Directory.Exists(data) || data.Contains(content.StaticVolume, StringComparison.Ordinal));
        }

        // The data of the volume made by hand is lost, too; its object is kept by the cluster.
        string byHand = Path.Combine(nas, content.StaticVolume);
        Directory.Delete(byHand, recursive: true);
        Directory.CreateDirectory(byHand);

        using HttpResponseMessage asked = await front.Http.PostAsync(
            new Uri("/api/restores", UriKind.Relative), Json($$$"""{"metadata":{"name":"{{{backup}}}-back"},"spec":{"backupName":"{{{backup}}}"}}"""));
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
        JsonNode restored = await WaitForEndAsync(front, $"/api/restores/{backup}-back");
        output.WriteLine($"{DateTime.UtcNow:T} restore: {restored["status"]}");
        Assert.True(restored["status"]!["phase"]!.ToString() == "Completed", await front.Http.GetStringAsync(new Uri($"/api/restores/{backup}-back/describe?details=true", UriKind.Relative)));

        SortedDictionary<string, string> after = await content.DescribeAsync();
        Assert.Equal(objects.Keys, after.Keys);
        foreach ((string path, string json) in objects)
        {
            Assert.Equal(json, after[path]);
        }

        foreach ((string claim, string description) in await DescribeVolumesAsync(content, nas))
        {
            Assert.Equal(expected[claim], description);
        }

        AssertNoSecrets(front, left, right);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>What each volume looked like before; key: namespace/claim.</summary>
    private readonly Dictionary<string, string> expected = [];

    private async Task<Dictionary<string, string>> FillVolumesAsync(ClusterContent content, string nas)
    {
        Dictionary<string, string> folders = [];
        Random random = new(20260101);
        foreach ((string ns, int megabytes) in content.Namespaces.Zip([400, 20, 5]))
        {
            string data = await content.FolderOfAsync(nas, ns, "data");
            VolumeData.Fill(data, megabytes, random);
            folders[$"{ns}/data"] = data;
        }

        string byHand = await content.FolderOfAsync(nas, content.Namespaces[2], "by-hand");
        VolumeData.Fill(byHand, 3, random);
        folders[$"{content.Namespaces[2]}/by-hand"] = byHand;
        foreach ((string claim, string data) in folders)
        {
            expected[claim] = Trees.Describe(data);
        }

        return folders;
    }

    private async Task<Dictionary<string, string>> DescribeVolumesAsync(ClusterContent content, string nas)
    {
        Dictionary<string, string> found = [];
        foreach (string claim in expected.Keys)
        {
            string[] parts = claim.Split('/');
            found[claim] = Trees.Describe(await content.FolderOfAsync(nas, parts[0], parts[1]));
        }

        return found;
    }

    private Dictionary<string, string> Settings(KubeApiServer kube, S3Gateway gateway, AzuriteServer azurite, string bucket, string nas, ClusterContent content)
    {
        string kubeconfig = folder.Below("kubeconfig");
        kube.WriteKubeconfig(kubeconfig);
        string schedules = folder.Below("schedules.yaml");
        File.WriteAllText(schedules, $"""
            apiVersion: velero.io/v1
            kind: Schedule
            metadata:
              name: minutely
            spec:
              schedule: "* * * * *"
              template:
                includedNamespaces: [{string.Join(", ", content.Namespaces)}]
                defaultVolumesToFsBackup: true
                ttl: 168h
            """);
        return new Dictionary<string, string>
        {
            ["BACKUP_STORE"] = $"s3://{bucket}/home?endpoint={gateway.Endpoint.ToString().TrimEnd('/')}&region={S3Gateway.Region}",
            ["AWS_ACCESS_KEY_ID"] = S3Gateway.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = S3Gateway.SecretKey,
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["BACKUP_CLUSTER"] = kubeconfig,
            ["BACKUP_VOLUME_MOUNTS"] = $"{TestProvisioner.Server}:{TestProvisioner.Export}={nas}",
            ["REPOSITORY_PASSWORD"] = Password,
            ["BACKUP_SCHEDULES"] = schedules,
            ["BACKUP_LEASE"] = "00:00:10",
            ["BACKUP_PROGRESS_INTERVAL"] = "00:00:00.5",
            ["BACKUP_STALL_AFTER"] = "00:00:05",
        };
    }

    private static string[] FrontFunctions() =>
    [
        "ScheduleTick", "RetentionTick", "ListBackups", "GetBackup", "DescribeBackup", "CreateRestore", "ListRestores", "GetRestore", "DescribeRestore",
        "PauseSchedule", "Health",
    ];

    private static string[] WorkerFunctions() =>
        ["BackupNamespace", "BackupVolume", "FinishBackup", "RestoreStep", "RestoreVolume", "DeleteBackup", "Health"];

    /// <summary>Waits for the schedule's next backup, then pauses the schedule so that there is only this one.</summary>
    private static async Task<string> WaitForScheduledBackupAsync(AppProcess front)
    {
        string? name = null;
        await WaitUntilAsync(async () =>
        {
            JsonNode? list = JsonNode.Parse(await front.Http.GetStringAsync(new Uri("/api/backups", UriKind.Relative)));
            name = list!["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.ToString()).FirstOrDefault(found => found.StartsWith("minutely-", StringComparison.Ordinal));
            return name is not null;
        });
        using HttpResponseMessage paused = await front.Http.PostAsync(new Uri("/api/schedules/minutely/pause", UriKind.Relative), null);
        Assert.True(paused.IsSuccessStatusCode, await paused.Content.ReadAsStringAsync());
        return name!; // the wait ends with a name
    }

    private static async Task<AppProcess> WaitForBigVolumeAsync(params AppProcess[] workers)
    {
        AppProcess? found = null;
        await WaitUntilAsync(() => (found = workers.FirstOrDefault(worker => BigVolumeStarted().IsMatch(worker.Log))) is not null);
        return found!; // the wait ends with one
    }

    private static async Task<JsonNode> WaitForEndAsync(AppProcess front, string path)
    {
        JsonNode? found = null;
        await WaitUntilAsync(async () =>
        {
            found = JsonNode.Parse(await front.Http.GetStringAsync(new Uri(path, UriKind.Relative)));
            return found!["status"]!["completionTimestamp"] is not null;
        });
        return found!; // the wait ends with one
    }

    /// <summary>One Backup object was written, and nothing of the work is left.</summary>
    private static async Task AssertOnceAndCleanAsync(AmazonS3Client s3, string bucket, string backup)
    {
        List<string> keys = [];
        await WaitUntilAsync(async () =>
        {
            keys = await KeysAsync(s3, bucket, "home/");
            return !keys.Exists(key => key.Contains("/work/", StringComparison.Ordinal) || key.Contains("/running/", StringComparison.Ordinal));
        });
        Assert.Single(keys, key => key.EndsWith("/velero-backup.json", StringComparison.Ordinal));
        Assert.Contains($"home/backups/{backup}/{backup}.tar.gz", keys);
    }

    /// <summary>Lets the independent checker read every repository and compare every volume, where there is such a checker.</summary>
    private async Task AssertCheckedAsync(AmazonS3Client s3, string bucket, string backup, Dictionary<string, string> volumes)
    {
        if (KopiaChecker.ReasonMissing is { } reason)
        {
            output.WriteLine($"not checked independently: {reason}");
            return;
        }

        string location = folder.Below("copy");
        foreach (string key in await KeysAsync(s3, bucket, "home/"))
        {
            string path = Path.Combine(location, key["home/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // every key has a folder
            using GetObjectResponse blob = await s3.GetObjectAsync(bucket, key);
            await using FileStream file = File.Create(path);
            await blob.ResponseStream.CopyToAsync(file);
        }

        IBlobStore store = BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + location), null, new BlobStoreOptions(), TimeProvider.System);
        IReadOnlyList<PodVolumeBackup> taken = await new BackupCatalog(store).ReadPodVolumeBackupsAsync(BackupName.Parse(backup), CancellationToken.None);
        Assert.Equal(volumes.Count, taken.Count);
        foreach (PodVolumeBackup volume in taken)
        {
            string ns = volume.Spec.Pod.Namespace!; // every volume of this test has one, and a claim and a snapshot
            KopiaCheckResult result = await KopiaChecker.RunAsync(Path.Combine(location, "kopia", ns), Password, volumes[$"{ns}/{volume.PvcName}"], volume.Status.SnapshotId);
            Assert.True(result.ExitCode == 0, result.Output);
            output.WriteLine($"independent check of {ns}/{volume.PvcName}: {result.Output.Trim()}");
        }
    }

    private static async Task<List<string>> KeysAsync(AmazonS3Client s3, string bucket, string prefix)
    {
        List<string> keys = [];
        ListObjectsV2Request request = new() { BucketName = bucket, Prefix = prefix };
        while (true)
        {
            ListObjectsV2Response page = await s3.ListObjectsV2Async(request);
            keys.AddRange((page.S3Objects ?? []).Select(found => found.Key));
            if (page.IsTruncated != true)
            {
                return keys;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    private void AssertNoSecrets(params AppProcess[] apps)
    {
        string[] secrets =
        [
            Password, S3Gateway.SecretKey, AzuriteServer.AccountKey, AppProcess.ApiKey, KubeApiServer.AdminToken, ClusterContent.SecretText,
            Convert.ToBase64String(Encoding.UTF8.GetBytes(ClusterContent.SecretText)),
        ];
        foreach (AppProcess app in apps)
        {
            string log = app.Log;
            foreach (string secret in secrets)
            {
                Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            }

            output.WriteLine($"--- {app.Process.Name} ---\n{log[..Math.Min(log.Length, 6000)]}");
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static Task WaitUntilAsync(Func<bool> condition) => WaitUntilAsync(() => Task.FromResult(condition()));

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = new(Limit);
        while (!await condition())
        {
            await Task.Delay(100, limit.Token);
        }
    }

    [GeneratedRegex(@"Started item (?<item>volume-\d+) of backup \S+: volume media-\S+ data")]
    private static partial Regex BigVolumeStarted();
}
