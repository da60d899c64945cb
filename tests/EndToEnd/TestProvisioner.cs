using System.Text.Json.Nodes;
using BackupFunctions.Tests.Peers.Kubernetes;

namespace BackupFunctions.Tests.EndToEnd;

/// <summary>
/// Does for the test cluster what nfs-subdir-external-provisioner does in a real one: makes a volume and its folder for each claim
/// of its class, and removes both when the claim is gone. The "NAS" is a folder of the test.
/// </summary>
internal sealed class TestProvisioner : IAsyncDisposable
{
    public const string Class = "nfs-client";
    public const string Server = "nas.test";
    public const string Export = "/export";
    private const string Name = "cluster.local/nfs-subdir-external-provisioner";

    // Where Kubernetes' controller writes who is to provision, in old releases and in new ones; real provisioners wait for it.
    private static readonly string[] AskedBy = ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];

    private readonly CancellationTokenSource stop = new();
    private readonly KubeApi api;
    private readonly string nas;
    private readonly Task loop;

    public TestProvisioner(KubeApi api, string nas)
    {
        this.api = api;
        this.nas = nas;
        loop = RunAsync();
    }

    public static string StorageClass => $$"""
        {"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"{{Class}}"},"provisioner":"{{Name}}","reclaimPolicy":"Delete","volumeBindingMode":"Immediate"}
        """;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            await ProvisionAsync();
            await ReclaimAsync();
            await Task.Delay(200, CancellationToken.None);
        }
    }

    private async Task ProvisionAsync()
    {
        JsonObject claims = await api.GetAsync("/api/v1/persistentvolumeclaims");
        foreach (JsonObject claim in claims["items"]!.AsArray().OfType<JsonObject>())
        {
            bool wanted = claim["spec"]?["storageClassName"]?.ToString() == Class && claim["spec"]?["volumeName"] is null
                && claim["status"]?["phase"]?.ToString() == "Pending" && claim["metadata"]?["deletionTimestamp"] is null
                && AskedBy.Any(annotation => claim["metadata"]?["annotations"]?[annotation]?.ToString() == Name);
            if (wanted)
            {
                await ProvisionAsync(claim);
            }
        }
    }

    private async Task ProvisionAsync(JsonObject claim)
    {
        (string ns, string name, string uid) = (claim["metadata"]!["namespace"]!.ToString(), claim["metadata"]!["name"]!.ToString(), claim["metadata"]!["uid"]!.ToString());
        string volume = $"pvc-{uid}";
        if (await api.TryGetAsync($"/api/v1/persistentvolumes/{volume}") is not null)
        {
            return;
        }

        string folder = $"{ns}-{name}-{volume}";
        Directory.CreateDirectory(Path.Combine(nas, folder));
        await api.CreateAsync($$$$$$$$"""
            {"apiVersion":"v1","kind":"PersistentVolume",
             "metadata":{"name":"{{{{{{{{volume}}}}}}}}","annotations":{"pv.kubernetes.io/provisioned-by":"{{{{{{{{Name}}}}}}}}"}},
             "spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Delete","storageClassName":"{{{{{{{{Class}}}}}}}}",
                     "claimRef":{"apiVersion":"v1","kind":"PersistentVolumeClaim","namespace":"{{{{{{{{ns}}}}}}}}","name":"{{{{{{{{name}}}}}}}}","uid":"{{{{{{{{uid}}}}}}}}"},
                     "nfs":{"server":"{{{{{{{{Server}}}}}}}}","path":"{{{{{{{{Export}}}}}}}}/{{{{{{{{folder}}}}}}}}"}}}
            """);
    }

    private async Task ReclaimAsync()
    {
        JsonObject volumes = await api.GetAsync("/api/v1/persistentvolumes");
        foreach (JsonObject volume in volumes["items"]!.AsArray().OfType<JsonObject>())
        {
            bool ours = volume["metadata"]?["annotations"]?["pv.kubernetes.io/provisioned-by"]?.ToString() == Name;
            if (ours && volume["status"]?["phase"]?.ToString() is "Released" or "Failed" && volume["metadata"]?["deletionTimestamp"] is null)
            {
                string folder = volume["spec"]!["nfs"]!["path"]!.ToString()[(Export.Length + 1)..];
                await api.DeleteAsync($"/api/v1/persistentvolumes/{volume["metadata"]!["name"]}");
                Directory.Delete(Path.Combine(nas, folder), recursive: true);
            }
        }
    }
}
