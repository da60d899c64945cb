using BackupFunctions.Engine.Cluster.Folder;
using BackupFunctions.Engine.Cluster.Kube;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster;

/// <summary>Opens clusters.</summary>
public static class ClusterFactory
{
    /// <summary>A cluster behind an API server. Nothing is sent before the first call; meant to live as long as the process.</summary>
    /// <exception cref="BackupException">InvalidInput: a certificate or key of the connection is malformed.</exception>
    public static ICluster OpenKube(KubeConnection connection, TimeProvider time) => new KubeCluster(connection, new KubeOptions(), time);

    /// <summary>A cluster whose objects are files; the layer's README shows the layout. An empty folder is an empty cluster.</summary>
    /// <exception cref="BackupException">NotFound: no such folder. InvalidInput: its <c>cluster.yaml</c> is malformed.</exception>
    public static ICluster OpenFolder(string path, TimeProvider time)
    {
        CheckFolder(path);
        return new FolderCluster(path, time);
    }

    /// <summary>
    /// Where the data of a cluster in a folder lies: what its volumes name as NFS server and export path, and the folder that holds it.
    /// </summary>
    /// <exception cref="BackupException">NotFound: no such folder. InvalidInput: its <c>cluster.yaml</c> is malformed.</exception>
    public static (string Server, string ExportPath, string LocalRoot) FolderExport(string path)
    {
        CheckFolder(path);
        FolderConfig config = FolderConfig.Read(path);
        return (config.NfsServer, config.NfsPath, Path.Combine(path, config.NfsFolder));
    }

    private static void CheckFolder(string path)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            throw new ArgumentException("The folder of a cluster is an absolute path.", nameof(path));
        }

        if (!Directory.Exists(path))
        {
            throw new BackupException(ErrorKind.NotFound, $"The cluster folder {path} does not exist.", "Create it, or name another one.");
        }
    }
}
