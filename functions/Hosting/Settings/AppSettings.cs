using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;

namespace BackupFunctions.App.Hosting.Settings;

/// <summary>All settings of the app, checked. docs/settings.md says where each comes from.</summary>
internal sealed record AppSettings
{
    /// <summary>Absolute folder of what this process keeps on its own disk.</summary>
    public required string DataFolder { get; init; }

    public required BlobStoreUrl Store { get; init; }

    /// <summary>For an S3 store; null for a folder.</summary>
    public S3Credentials? StoreCredentials { get; init; }

    /// <summary>A storage account; null when the queues lie in <see cref="QueueFolder"/>.</summary>
    public Secret? QueueConnection { get; init; }

    /// <summary>Absolute folder of the queues; null when they lie in a storage account.</summary>
    public string? QueueFolder { get; init; }

    public required ClusterSource Cluster { get; init; }

    /// <summary>Address that Kubernetes gives every pod for its API server; null outside of pods.</summary>
    public string? KubernetesServiceHost { get; init; }

    public string? KubernetesServicePort { get; init; }

    /// <summary>Where the exports of NFS servers and folders of nodes are mounted here.</summary>
    public VolumeMounts VolumeMounts { get; init; } = VolumeMounts.None;

    public required Secret RepositoryPassword { get; init; }

    public bool RepositoryPasswordIsDefault { get; init; }

    /// <summary>Whether the app takes the location's repositories over and maintains them.</summary>
    public bool MaintainsRepositories { get; init; }

    /// <summary>YAML file with Velero Schedule objects that the app brings into the store; null for the two built in.</summary>
    public string? SchedulesFile { get; init; }

    /// <summary>Keys given in the settings; empty when they lie in <see cref="ApiKeysFile"/>.</summary>
    public IReadOnlyList<ApiKeySetting> ApiKeys { get; init; } = [];

    public required string ApiKeysFile { get; init; }

    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>The only functions that run here; null for all.</summary>
    public IReadOnlyList<string>? Functions { get; init; }

    /// <summary>Work the queues off and end.</summary>
    public bool Drain { get; init; }

    public PumpOptions Pumps { get; init; } = new();

    public WorkTimes Work { get; init; } = new();

    public const string DefaultUrl = "http://127.0.0.1:7071";

    /// <summary>What the log tells at the start; no secrets.</summary>
    public IEnumerable<(string Name, string Value)> ForPeople()
    {
        yield return ("Object store", Store.ToString());
        yield return ("Queues", QueueFolder ?? "storage account");
        yield return ("Cluster", Cluster.ToString());
        yield return ("Data folder", DataFolder);
        yield return ("Maintenance of repositories", MaintainsRepositories ? "on" : "off");
    }
}
