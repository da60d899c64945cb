namespace BackupFunctions.Engine.Work;

/// <summary>The queues of the function app: one per queue function. Names follow Azure Storage's rules.</summary>
public readonly record struct QueueName(string Value)
{
    public static readonly QueueName BackupNamespaces = new("backup-namespaces");
    public static readonly QueueName BackupVolumes = new("backup-volumes");
    public static readonly QueueName BackupFinish = new("backup-finish");
    public static readonly QueueName RestoreSteps = new("restore-steps");
    public static readonly QueueName RestoreVolumes = new("restore-volumes");
    public static readonly QueueName Maintenance = new("maintenance");

    public static readonly QueueName RepositoryMaintenance = new("repository-maintenance");

    /// <summary>All of them, in the order of the work's way.</summary>
    public static readonly IReadOnlyList<QueueName> All = [BackupNamespaces, BackupVolumes, BackupFinish, RestoreSteps, RestoreVolumes, Maintenance, RepositoryMaintenance];

    public override string ToString() => Value;
}
