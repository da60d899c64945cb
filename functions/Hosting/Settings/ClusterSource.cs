namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Which cluster is backed up.</summary>
internal abstract record ClusterSource
{
    /// <summary>A kubeconfig file and its current context, or the named one.</summary>
    internal sealed record Kubeconfig(string Path, string? Context) : ClusterSource;

    /// <summary>The service account of the pod that this process runs in.</summary>
    internal sealed record InCluster : ClusterSource;

    /// <summary>Manifests and volumes in a folder.</summary>
    internal sealed record Folder(string Path) : ClusterSource;

    /// <summary>The sample, copied into the data folder at first use.</summary>
    internal sealed record Sample(string Path) : ClusterSource;
}
