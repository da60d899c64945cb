using System.CommandLine;
using BackupFunctions.Cli.Commands;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>What <c>--direct</c> works on, from options and environment.</summary>
internal sealed class DirectSettings(CliContext context, ConnectionOptions options, ParseResult parsed)
{
    // Where Kubernetes puts a pod's own credentials.
    private const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <exception cref="BackupException">InvalidInput, NotFound or AccessDenied: no store is named, or it cannot be opened so.</exception>
    public IBlobStore OpenStore()
    {
        string text = parsed.GetValue(options.Store) ?? Variable(StoreSource.Variable) ?? throw new BackupException(
            ErrorKind.InvalidInput, "--direct needs a store to work on.", $"Give --store file:///folder or s3://bucket/prefix?endpoint=…, or set {StoreSource.Variable}.");
        return StoreSource.Open(text, Variable, Absolute, new StoreWait(context.Error), context.Time);
    }

    /// <exception cref="BackupException">InvalidInput, NotFound or AccessDenied: there is no cluster, or its files cannot be used.</exception>
    public (ICluster Cluster, VolumeMounts Mounts) OpenCluster()
    {
        VolumeMounts mounts = (parsed.GetValue(options.VolumeMounts) ?? Variable("BACKUP_VOLUME_MOUNTS")) is { } text ? VolumeMounts.Parse(text) : VolumeMounts.None;
        if (parsed.GetValue(options.ClusterFolder) is { } named)
        {
            string folder = Absolute(named);
            (string server, string exportPath, string localRoot) = ClusterFactory.FolderExport(folder);
            return (ClusterFactory.OpenFolder(folder, context.Time), new VolumeMounts([.. mounts.Entries, new VolumeMount(server, exportPath, localRoot)]));
        }

        return (ClusterFactory.OpenKube(ReadConnection(), context.Time), mounts);
    }

    /// <exception cref="BackupException">NotFound, AccessDenied or InvalidInput.</exception>
    public RepositoryPassword ReadPassword()
    {
        string? file = parsed.GetValue(options.PasswordFile);
        return PasswordSource.TryRead(file is null ? null : Absolute(file), Variable) ?? RepositoryPassword.VeleroDefault;
    }

    /// <summary>The schedules that the configuration names, or the built-in ones.</summary>
    public IReadOnlyList<VeleroSchedule> ReadSchedules() => Variable("BACKUP_SCHEDULES") is { } file
        ? ScheduleFile.Parse(TextFile.Read(Absolute(file), "schedules"), file)
        : ScheduleFile.Parse(DefaultSchedules.Yaml, "The built-in schedules");

    private KubeConnection ReadConnection()
    {
        string? wanted = parsed.GetValue(options.Context);
        string? file = parsed.GetValue(options.Kubeconfig) ?? Variable("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (file is null && Variable("KUBERNETES_SERVICE_HOST") is { } host)
        {
            return KubeConnection.InCluster(ServiceAccountFolder, host, Variable("KUBERNETES_SERVICE_PORT") ?? "443");
        }

        string path = Absolute(file ?? Path.Combine(Variable("HOME") ?? "/", ".kube", "config"));
        if (file is null && !File.Exists(path))
        {
            throw new BackupException(ErrorKind.NotFound, $"There is no cluster to work on: {path} does not exist.", "Give --kubeconfig FILE or --cluster-folder DIR.");
        }

        return KubeConnection.FromKubeconfig(TextFile.Read(path, "kubeconfig"), wanted, Path.GetDirectoryName(path) ?? "/");
    }

    private string Absolute(string path) => Path.GetFullPath(path, context.WorkingFolder);

    private string? Variable(string name) => context.Environment(name) is { Length: > 0 } value ? value : null;
}
