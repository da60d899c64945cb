namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Which cluster is backed up.</summary>
internal abstract record ClusterSource
{
    /// <summary>A kubeconfig file and its current context, or the named one.</summary>
    internal sealed record Kubeconfig(string Path, string? Context) : ClusterSource
    {
        public override string ToString() => Context is null ? $"kubeconfig {Path}" : $"context {Context} of kubeconfig {Path}";
    }

    /// <summary>The service account of the pod that this process runs in.</summary>
    internal sealed record InCluster : ClusterSource
    {
        public override string ToString() => "the one this pod runs in";
    }

    /// <summary>Manifests and volumes in a folder.</summary>
    internal sealed record Folder(string Path) : ClusterSource
    {
        public override string ToString() => $"folder {Path}";
    }

    /// <summary>The sample, copied into the data folder at first use.</summary>
    internal sealed record Sample(string Path) : ClusterSource
    {
        public override string ToString() => $"sample in folder {Path}";
    }
}
