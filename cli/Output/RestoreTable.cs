using System.Globalization;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Output;

/// <summary>The table of <c>restore get</c>, with Velero's columns.</summary>
internal static class RestoreTable
{
    public static string Of(IEnumerable<VeleroRestore> restores, DateTimeOffset now)
    {
        TextTable table = new("NAME", "BACKUP", "STATUS", "STARTED", "COMPLETED", "ERRORS", "WARNINGS", "CREATED", "SELECTOR");
        foreach (VeleroRestore restore in restores.OrderBy(restore => restore.Name, ObjectNames.Order))
        {
            RestoreStatus status = restore.Status;
            table.Add(
                restore.Name,
                restore.Spec.BackupName ?? "",
                PhaseText.Of(restore.Metadata, status.Phase),
                HumanText.Time(status.StartTimestamp, "n/a"),
                HumanText.Time(status.CompletionTimestamp, "n/a"),
                status.Errors.ToString(CultureInfo.InvariantCulture),
                status.Warnings.ToString(CultureInfo.InvariantCulture),
                HumanText.Time(restore.Metadata.CreationTimestamp ?? status.StartTimestamp, "n/a"),
                PhaseText.Selector(restore.Spec.LabelSelector));
        }

        return table.ToString();
    }
}
