using BackupFunctions.App.Hosting.Settings;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Volumes;

namespace BackupFunctions.App.Hosting;

/// <summary>Opens the cluster that the settings name, and knows where the data of its volumes is seen.</summary>
internal static class ClusterOpening
{
    // Where Kubernetes puts a pod's own credentials.
    private const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string ApiServiceHost = "kubernetes.default.svc";
    private const string ApiServicePort = "443";

    /// <exception cref="Engine.Errors.BackupException">What is named is malformed or not there. No connection is made.</exception>
    public static (ICluster Cluster, VolumeMounts Mounts) Open(AppSettings settings, TimeProvider time)
    {
        switch (settings.Cluster)
        {
            case ClusterSource.Folder folder:
                return OpenFolder(folder.Path, settings, time);
            case ClusterSource.Sample sample:
                SampleCluster.CopyIfMissing(sample.Path);
                return OpenFolder(sample.Path, settings, time);
            case ClusterSource.InCluster:
                KubeConnection own = KubeConnection.InCluster(
                    ServiceAccountFolder, settings.KubernetesServiceHost ?? ApiServiceHost, settings.KubernetesServicePort ?? ApiServicePort);
                return (ClusterFactory.OpenKube(own, time), settings.VolumeMounts);
            case ClusterSource.Kubeconfig kubeconfig:
                string folderOfFile = Path.GetDirectoryName(kubeconfig.Path) ?? "/";
                KubeConnection connection = KubeConnection.FromKubeconfig(File.ReadAllText(kubeconfig.Path), kubeconfig.Context, folderOfFile);
                return (ClusterFactory.OpenKube(connection, time), settings.VolumeMounts);
            default:
                throw new InvalidOperationException($"There is no way to open {settings.Cluster}.");
        }
    }

    private static (ICluster Cluster, VolumeMounts Mounts) OpenFolder(string path, AppSettings settings, TimeProvider time)
    {
        (string server, string exportPath, string localRoot) = ClusterFactory.FolderExport(path);
        VolumeMounts mounts = new([.. settings.VolumeMounts.Entries, new VolumeMount(server, exportPath, localRoot)]);
        return (ClusterFactory.OpenFolder(path, time), mounts);
    }
}
