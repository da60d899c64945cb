using System.Globalization;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Output;

/// <summary>The table of <c>backup get</c>, with Velero's columns.</summary>
internal static class BackupTable
{
    public static string Of(IEnumerable<VeleroBackup> backups, DateTimeOffset now)
    {
        TextTable table = new("NAME", "STATUS", "ERRORS", "WARNINGS", "CREATED", "EXPIRES", "STORAGE LOCATION", "QUEUE POSITION", "SELECTOR");
        foreach (VeleroBackup backup in backups.OrderBy(backup => backup.Name, ObjectNames.Order))
        {
            BackupStatus status = backup.Status;
            table.Add(
                backup.Name,
                PhaseText.Of(backup.Metadata, status.Phase),
                status.Errors.ToString(CultureInfo.InvariantCulture),
                status.Warnings.ToString(CultureInfo.InvariantCulture),
                HumanText.Time(status.StartTimestamp, "n/a"),
                HumanText.FromNow(status.Expiration, now),
                backup.Spec.StorageLocation ?? "",
                status.QueuePosition == 0 ? "" : status.QueuePosition.ToString(CultureInfo.InvariantCulture),
                PhaseText.Selector(backup.Spec.LabelSelector));
        }

        return table.ToString();
    }
}
