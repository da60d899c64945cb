using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog.Text;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A backup described for people, in the blocks and order of <c>velero backup describe</c>, and as JSON.</summary>
public static class BackupDescription
{
    /// <param name="withDetails">Also the list of items and every volume by name.</param>
    public static void Write(TextWriter output, BackupDetails details, bool withDetails)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(details);
        VeleroBackup backup = details.Backup;
        BackupStatus status = backup.Status;
        ColumnText text = new();
        CommonBlocks.Metadata(text, backup.Metadata);
        Phase(text, backup);
        CommonBlocks.Results(text, "Warnings", status.Warnings, details.Results.Warnings);
        CommonBlocks.Results(text, "Errors", status.Errors, details.Results.Errors);
        SpecBlocks.Write(text, backup.Spec);
        text.Blank();
        text.Row(0, "Backup Format Version:", status.FormatVersion ?? Words.NotAvailable);
        text.Blank();
        text.Row(0, "Started:", Words.Time(status.StartTimestamp));
        text.Row(0, "Completed:", Words.Time(status.CompletionTimestamp));
        text.Blank();
        text.Row(0, "Expiration:", Words.Time(status.Expiration));
        text.Blank();
        Progress(text, status);
        CommonBlocks.ItemOperations(
            text,
            "Backup Item Operations",
            status.BackupItemOperationsAttempted,
            status.BackupItemOperationsCompleted,
            status.BackupItemOperationsFailed,
            details.ItemOperations,
            withDetails);
        if (withDetails)
        {
            CommonBlocks.ResourceList(text, details.ResourceList);
            text.Blank();
        }

        VolumeBlocks.Backup(text, details, withDetails);
        text.Row(0, "HooksAttempted:", Words.Number(status.HookStatus?.HooksAttempted ?? 0));
        text.Row(0, "HooksFailed:", Words.Number(status.HookStatus?.HooksFailed ?? 0));
        text.WriteTo(output);
    }

    /// <summary>The members of <c>velero backup describe -o json</c>, and those filters that Velero leaves out there.</summary>
    public static JsonObject ToJson(BackupDetails details, bool withDetails)
    {
        ArgumentNullException.ThrowIfNull(details);
        VeleroBackup backup = details.Backup;
        JsonObject description = new()
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = DescriptionJson.Map(backup.Metadata.Annotations),
                ["labels"] = DescriptionJson.Map(backup.Metadata.Labels),
                ["name"] = backup.Name,
                ["namespace"] = backup.Metadata.Namespace ?? "",
            },
            ["phase"] = string.IsNullOrEmpty(backup.Status.Phase) ? BackupPhase.New : backup.Status.Phase,
            ["spec"] = DescriptionJson.Spec(backup.Spec),
            ["status"] = DescriptionJson.Status(details, withDetails),
        };
        if (backup.Status.ValidationErrors is { } errors)
        {
            description["validationErrors"] = DescriptionJson.List(errors);
        }

        return description;
    }

    private static void Phase(ColumnText text, VeleroBackup backup)
    {
        text.Row(0, "Phase:", Words.Phase(backup.Status.Phase, "backup", backup.Name));
        text.Blank();
        if (backup.Status.FailureReason is { } reason)
        {
            text.Row(0, "Failure reason:", reason);
            text.Blank();
        }

        if (backup.Status.QueuePosition > 0)
        {
            text.Row(0, "Queue position:", Words.Number(backup.Status.QueuePosition));
            text.Blank();
        }

        if (backup.Spec.ResourcePolicy is { } policy)
        {
            text.Line(0, "Resource policies:");
            text.Row(1, "Type:", policy.Kind ?? "");
            text.Row(1, "Name:", policy.Name ?? "");
            text.Blank();
        }

        if (backup.Spec.UploaderConfig is { ParallelFilesUpload: > 0 } uploader)
        {
            text.Line(0, "Uploader config:");
            text.Row(1, "Parallel files upload:", Words.Number(uploader.ParallelFilesUpload));
            text.Blank();
        }

        CommonBlocks.ValidationErrors(text, backup.Status.ValidationErrors);
        text.Blank();
    }

    private static void Progress(ColumnText text, BackupStatus status)
    {
        if (status.Progress is not { } progress)
        {
            return;
        }

        bool running = !BackupPhase.IsFinished(status.Phase);
        text.Row(0, running ? "Estimated total items to be backed up:" : "Total items to be backed up:", Words.Number(progress.TotalItems));
        text.Row(0, running ? "Items backed up so far:" : "Items backed up:", Words.Number(progress.ItemsBackedUp));
        text.Blank();
    }
}
