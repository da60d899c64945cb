using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Commands;

/// <summary>The kinds there are.</summary>
internal static class Nouns
{
    public static readonly RunNoun<VeleroBackup> Backup = new()
    {
        Singular = "backup",
        Plural = "backups",
        ListKind = "BackupList",
        Client = client => client.Backups,
        Runs = client => client.Backups,
        Metadata = backup => backup.Metadata,
        Table = BackupTable.Of,
        Json = CatalogJsonContext.Default.VeleroBackup,
        DeletedText = """
            Request to delete backup "{0}" submitted successfully.
            The backup will be fully deleted after all associated data (volume snapshots, backup files, restores) are removed.
            """,
        End = backup => new RunEnd(
            backup.Status.Phase ?? BackupPhase.New, BackupPhase.IsFinished(backup.Status.Phase), backup.Status.Errors, backup.Status.Warnings, backup.Status.FailureReason),
    };

    public static readonly RunNoun<VeleroRestore> Restore = new()
    {
        Singular = "restore",
        Plural = "restores",
        ListKind = "RestoreList",
        Client = client => client.Restores,
        Runs = client => client.Restores,
        Metadata = restore => restore.Metadata,
        Table = RestoreTable.Of,
        Json = CatalogJsonContext.Default.VeleroRestore,
        DeletedText = "Request to delete restore \"{0}\" submitted successfully.",
        End = restore => new RunEnd(
            restore.Status.Phase ?? RestorePhase.New, RestorePhase.IsFinished(restore.Status.Phase), restore.Status.Errors, restore.Status.Warnings, restore.Status.FailureReason),
    };

    public static readonly Noun<VeleroSchedule> Schedule = new()
    {
        Singular = "schedule",
        Plural = "schedules",
        ListKind = "ScheduleList",
        Client = client => client.Schedules,
        Metadata = schedule => schedule.Metadata,
        Table = ScheduleTable.Of,
        Json = CatalogJsonContext.Default.VeleroSchedule,
        DeletedText = "Schedule \"{0}\" deleted successfully.",
    };
}
