using System.Globalization;

namespace BackupFunctions.Engine.Catalog.Text;

/// <summary>How the volumes of a backup or restore were treated.</summary>
internal static class VolumeBlocks
{
    private const string MoreHint = " (specify --details for more information)";

    // The order in which Velero lists phases, and its words for two of them.
    private static readonly string[] PhaseOrder =
        ["Completed", "Failed", "Canceled", "In Progress", "Canceling", "Prepared", "Accepted", "New"];

    public static void Backup(ColumnText text, BackupDetails details, bool withDetails)
    {
        text.Line(0, "Backup Volumes:");
        NativeSnapshots(text, details, withDetails);
        text.Blank();
        CsiSnapshots(text, details.VolumeInfos, withDetails);
        text.Blank();
        PodVolumes(text, 1, "Pod Volume Backups", details.PodVolumeBackups.Select(VolumeOf), withDetails);
        text.Blank();
        Skipped(text, details.VolumeInfos);
    }

    /// <summary>Volumes whose data came back from a repository; nothing when there are none.</summary>
    public static void Restored(ColumnText text, IReadOnlyList<RestoreVolumeInfo> infos, bool withDetails)
    {
        List<PodVolume> volumes = [.. infos.Where(info => info.PvrInfo is not null).Select(info => VolumeOf(info.PvrInfo!))]; // filtered just before
        if (volumes.Count > 0)
        {
            PodVolumes(text, 0, "Restores", volumes, withDetails);
            text.Blank();
        }
    }

    private static void NativeSnapshots(ColumnText text, BackupDetails details, bool withDetails)
    {
        List<BackupVolumeInfo> infos = [.. details.VolumeInfos.Where(info => info.NativeSnapshotInfo is not null)];
        int attempted = Math.Max(details.Backup.Status.VolumeSnapshotsAttempted, infos.Count);
        if (attempted == 0)
        {
            text.Line(1, $"Velero-Native Snapshots: {Words.NoneIncluded}");
            return;
        }

        if (!withDetails)
        {
            text.Line(1, $"Velero-Native Snapshots: {details.Backup.Status.VolumeSnapshotsCompleted} of {attempted} snapshots completed successfully{MoreHint}");
            return;
        }

        text.Line(1, "Velero-Native Snapshots:");
        foreach (BackupVolumeInfo info in infos)
        {
            NativeSnapshotInfo snapshot = info.NativeSnapshotInfo!; // filtered above
            text.Line(2, $"{info.PvName}:");
            text.Row(3, "Snapshot ID:", snapshot.SnapshotHandle);
            text.Row(3, "Type:", snapshot.VolumeType);
            text.Row(3, "Availability Zone:", snapshot.VolumeAz);
            text.Row(3, "IOPS:", snapshot.Iops.Length == 0 || snapshot.Iops == "0" ? "<N/A>" : snapshot.Iops);
            text.Row(3, "Result:", info.Result ?? "");
        }
    }

    private static void CsiSnapshots(ColumnText text, IReadOnlyList<BackupVolumeInfo> infos, bool withDetails)
    {
        List<BackupVolumeInfo> snapshots = [.. infos.Where(info => info.BackupMethod == BackupVolumeInfo.CsiSnapshotMethod)];
        if (snapshots.Count == 0)
        {
            text.Line(1, $"CSI Snapshots: {Words.NoneIncluded}");
            return;
        }

        text.Line(1, "CSI Snapshots:");
        foreach (BackupVolumeInfo info in snapshots)
        {
            text.Line(2, $"{info.PvcNamespace}/{info.PvcName}:");
            string kind = info.SnapshotDataMoved ? "Data Movement" : "Snapshot";
            if (!withDetails)
            {
                text.Line(3, $"{kind}: included, specify --details for more information");
                continue;
            }

            text.Line(3, $"{kind}:");
            if (info.SnapshotDataMovementInfo is { } moved && info.SnapshotDataMoved)
            {
                text.Line(4, $"Operation ID: {moved.OperationId}");
                text.Line(4, $"Data Mover: {(moved.DataMover.Length == 0 ? "velero" : moved.DataMover)}");
                text.Line(4, $"Uploader Type: {moved.UploaderType}");
                text.Line(4, $"Moved data Size (bytes): {Words.Number(moved.Size)}");
                text.Line(4, $"Incremental data Size (bytes): {Words.Number(moved.IncrementalSize)}");
            }
            else if (info.CsiSnapshotInfo is { } snapshot)
            {
                text.Line(4, $"Operation ID: {snapshot.OperationId}");
                text.Line(4, $"Snapshot Content Name: {snapshot.VscName}");
                text.Line(4, $"Storage Snapshot ID: {snapshot.SnapshotHandle}");
                text.Line(4, $"Snapshot Size (bytes): {Words.Number(snapshot.Size)}");
                text.Line(4, $"CSI Driver: {snapshot.Driver}");
            }

            text.Line(4, $"Result: {info.Result}");
        }
    }

    // Velero does not show these; but a backup without a volume's data must say so.
    private static void Skipped(ColumnText text, IReadOnlyList<BackupVolumeInfo> infos)
    {
        List<BackupVolumeInfo> skipped = [.. infos.Where(info => info.Skipped)];
        if (skipped.Count == 0)
        {
            return;
        }

        text.Line(1, "Skipped Volumes:");
        foreach (BackupVolumeInfo info in skipped)
        {
            text.Row(2, info.PvcName is null ? $"{info.PvName}:" : $"{info.PvcNamespace}/{info.PvcName}:", info.SkippedReason ?? "");
        }

        text.Blank();
    }

    private static void PodVolumes(ColumnText text, int indent, string title, IEnumerable<PodVolume> volumes, bool withDetails)
    {
        List<PodVolume> all = [.. volumes];
        if (all.Count == 0)
        {
            text.Line(indent, $"{title}: {Words.NoneIncluded}");
            return;
        }

        string heading = indent == 0 ? $"{all[0].Uploader} {title}" : $"{title} - {all[0].Uploader}";
        text.Line(indent, $"{heading}{(withDetails ? "" : MoreHint)}:");
        foreach (IGrouping<string, PodVolume> phase in all.GroupBy(volume => volume.Phase).OrderBy(group => Rank(group.Key)))
        {
            if (!withDetails)
            {
                text.Row(indent + 1, $"{phase.Key}:", Words.Number(phase.Count()));
                continue;
            }

            text.Line(indent + 1, $"{phase.Key}:");
            foreach (IGrouping<string, PodVolume> pod in phase.GroupBy(volume => volume.Pod).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                text.Line(indent + 2, $"{pod.Key}: {string.Join(", ", pod.Select(volume => volume.Text).Order(StringComparer.Ordinal))}");
            }
        }
    }

    private static int Rank(string phase) => Array.IndexOf(PhaseOrder, phase) is var rank && rank < 0 ? PhaseOrder.Length : rank;

    private static PodVolume VolumeOf(PodVolumeBackup backup)
    {
        PodVolumeBackupStatus status = backup.Status;
        string progress = status.Phase switch
        {
            "Completed" => $" (size: {status.Progress.TotalBytes}, incremental size: {status.IncrementalBytes})",
            _ when status.Progress.TotalBytes > 0 =>
                string.Create(CultureInfo.InvariantCulture, $" ({100.0 * status.Progress.BytesDone / status.Progress.TotalBytes:F2}%)"),
            _ => "",
        };
        return new PodVolume(
            $"{backup.Spec.Pod.Namespace}/{backup.Spec.Pod.Name}", backup.Spec.Volume + progress, PhaseWord(status.Phase), Uploader(backup.Spec.UploaderType));
    }

    private static PodVolume VolumeOf(PodVolumeInfo info) =>
        new($"{info.PodNamespace}/{info.PodName}", info.VolumeName + (info.Size > 0 ? $" (size: {info.Size})" : ""), PhaseWord(info.Phase), Uploader(info.UploaderType));

    private static string PhaseWord(string? phase) => phase switch
    {
        null or "" => "New",
        "InProgress" => "In Progress",
        _ => phase,
    };

    private static string Uploader(string type) => type.Length == 0 ? "restic" : type;

    private readonly record struct PodVolume(string Pod, string Text, string Phase, string Uploader);
}
