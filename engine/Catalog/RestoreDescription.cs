using BackupFunctions.Engine.Catalog.Text;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A restore described for people, in the blocks and order of <c>velero restore describe</c>.</summary>
public static class RestoreDescription
{
    /// <param name="withDetails">Also the list of items with what became of them and every volume by name.</param>
    public static void Write(TextWriter output, RestoreDetails details, bool withDetails)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(details);
        VeleroRestore restore = details.Restore;
        RestoreStatus status = restore.Status;
        ColumnText text = new();
        CommonBlocks.Metadata(text, restore.Metadata);
        Progress(text, restore);
        text.Row(0, "Started:", Words.Time(status.StartTimestamp));
        text.Row(0, "Completed:", Words.Time(status.CompletionTimestamp));
        text.Blank();
        if (status.FailureReason is { } reason)
        {
            text.Row(0, "Failure reason:", reason);
            text.Blank();
        }

        CommonBlocks.ValidationErrors(text, status.ValidationErrors);
        CommonBlocks.Results(text, "Warnings", status.Warnings, details.Results.Warnings);
        CommonBlocks.Results(text, "Errors", status.Errors, details.Results.Errors);
        Selection(text, restore.Spec);
        VolumeBlocks.Restored(text, details.VolumeInfos, withDetails);
        CsiRestores(text, details.VolumeInfos);
        Options(text, restore.Spec);
        CommonBlocks.ItemOperations(
            text,
            "Restore Item Operations",
            status.RestoreItemOperationsAttempted,
            status.RestoreItemOperationsCompleted,
            status.RestoreItemOperationsFailed,
            details.ItemOperations,
            withDetails);
        text.Row(0, "HooksAttempted: ", Words.Number(status.HookStatus?.HooksAttempted ?? 0));
        text.Row(0, "HooksFailed: ", Words.Number(status.HookStatus?.HooksFailed ?? 0));
        if (withDetails)
        {
            text.Blank();
            CommonBlocks.ResourceList(text, details.ResourceList);
        }

        text.WriteTo(output);
    }

    private static void Progress(ColumnText text, VeleroRestore restore)
    {
        text.Row(0, "Phase:", Words.Phase(restore.Status.Phase, "restore", restore.Name));
        if (restore.Status.Progress is { } progress)
        {
            bool running = !RestorePhase.IsFinished(restore.Status.Phase);
            text.Row(0, running ? "Estimated total items to be restored:" : "Total items to be restored:", Words.Number(progress.TotalItems));
            text.Row(0, running ? "Items restored so far:" : "Items restored:", Words.Number(progress.ItemsRestored));
        }

        text.Blank();
    }

    private static void Selection(ColumnText text, RestoreSpec spec)
    {
        text.Row(0, "Backup:", spec.BackupName ?? "");
        text.Blank();
        text.Line(0, "Namespaces:");
        text.Row(1, "Included:", spec.IncludedNamespaces is null or ["*"] ? "all namespaces found in the backup" : Words.Joined(spec.IncludedNamespaces));
        text.Row(1, "Excluded:", Words.Joined(spec.ExcludedNamespaces));
        text.Blank();
        text.Line(0, "Resources:");
        text.Row(1, "Included:", Words.Joined(spec.IncludedResources, "*"));
        text.Row(1, "Excluded:", Words.Joined(spec.ExcludedResources));
        text.Row(1, "Cluster-scoped:", Words.Flag(spec.IncludeClusterResources, "auto", "included", "excluded"));
        text.Blank();
        text.Rows(0, "Namespace mappings:", Words.Pairs(spec.NamespaceMapping));
        text.Blank();
        text.Row(0, "Label selector:", Words.Selector(spec.LabelSelector));
        text.Blank();
        text.Row(0, "Or label selector:", Words.Selectors(spec.OrLabelSelectors));
        text.Blank();
        text.Row(0, "Restore PVs:", Words.Flag(spec.RestorePvs));
        text.Blank();
    }

    private static void CsiRestores(ColumnText text, IReadOnlyList<RestoreVolumeInfo> infos)
    {
        List<RestoreVolumeInfo> snapshots = [.. infos.Where(info => info.RestoreMethod == BackupVolumeInfo.CsiSnapshotMethod)];
        text.Line(0, snapshots.Count == 0 ? $"CSI Snapshot Restores: {Words.NoneIncluded}" : "CSI Snapshot Restores:");
        foreach (RestoreVolumeInfo info in snapshots)
        {
            text.Line(1, $"{info.PvcNamespace}/{info.PvcName}: {(info.SnapshotDataMoved ? "Data Movement" : "Snapshot")}");
        }

        text.Blank();
    }

    private static void Options(ColumnText text, RestoreSpec spec)
    {
        text.Row(0, "Existing Resource Policy: ", spec.ExistingResourcePolicy ?? Words.None);
        text.Row(0, "ItemOperationTimeout: ", GoDuration.Format(spec.ItemOperationTimeout));
        text.Blank();
        text.Row(0, "Preserve Service NodePorts:", Words.Flag(spec.PreserveNodePorts));
        text.Blank();
        if (spec.ResourceModifier is { } modifier)
        {
            text.Line(0, "Resource modifier:");
            text.Row(1, "Type:", modifier.Kind ?? "");
            text.Row(1, "Name:", modifier.Name ?? "");
            text.Blank();
        }

        if (spec.UploaderConfig is { } uploader)
        {
            text.Line(0, "Uploader config:");
            if (uploader.WriteSparseFiles is { } sparse)
            {
                text.Row(1, "Write Sparse Files:", Words.Flag(sparse));
            }

            if (uploader.ParallelFilesDownload > 0)
            {
                text.Row(1, "Parallel Restore:", Words.Number(uploader.ParallelFilesDownload));
            }

            text.Blank();
        }

        text.Blank();
    }
}
