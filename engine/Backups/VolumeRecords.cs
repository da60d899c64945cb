using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Engine.Backups;

/// <summary>What a volume's outcome looks like in Velero's files.</summary>
internal static class VolumeRecords
{
    public static PodVolumeBackup PodVolumeBackup(VeleroBackup backup, VolumeOutcome volume)
    {
        string uid = backup.Metadata.Uid ?? "";
        string snapshot = volume.SnapshotId ?? throw new InvalidOperationException("Only a volume with a snapshot has a pod volume backup.");
        Dictionary<string, string> labels = new()
        {
            [VeleroNames.BackupNameLabel] = LabelValue.Of(backup.Name),
            [VeleroNames.BackupUidLabel] = uid,
        };
        Dictionary<string, string> tags = new()
        {
            ["backup"] = backup.Name,
            ["backup-uid"] = uid,
            ["ns"] = volume.Namespace,
            ["pod"] = volume.Pod ?? "",
            ["pod-uid"] = volume.PodUid ?? "",
            ["volume"] = volume.Volume ?? "",
        };
        if (volume.ClaimUid is { } claimUid)
        {
            labels[VeleroNames.PvcUidLabel] = claimUid;
            tags["pvc-uid"] = claimUid;
        }

        return new PodVolumeBackup
        {
            Metadata = new ObjectMetadata
            {
                Name = $"{backup.Name}-{snapshot[..Math.Min(8, snapshot.Length)]}",
                GenerateName = $"{backup.Name}-",
                Namespace = backup.Metadata.Namespace,
                CreationTimestamp = volume.StartedAt,
                Labels = labels,
                Annotations = new Dictionary<string, string> { [VeleroNames.PvcNameAnnotation] = volume.Claim },
            },
            Spec = new PodVolumeBackupSpec
            {
                Node = volume.Node ?? "",
                Pod = new PodReference { Kind = "Pod", Namespace = volume.Namespace, Name = volume.Pod, Uid = volume.PodUid },
                Volume = volume.Volume ?? "",
                BackupStorageLocation = backup.Spec.StorageLocation ?? "",
                UploaderType = "kopia",
                Tags = tags,
            },
            Status = new PodVolumeBackupStatus
            {
                Phase = "Completed",
                Path = volume.Path,
                SnapshotId = snapshot,
                StartTimestamp = volume.StartedAt,
                CompletionTimestamp = volume.CompletedAt,
                Progress = new TransferProgress { TotalBytes = volume.TotalBytes, BytesDone = volume.TotalBytes },
                IncrementalBytes = volume.IncrementalBytes,
            },
        };
    }

    public static BackupVolumeInfo VolumeInfo(VolumeOutcome volume)
    {
        bool taken = volume.SnapshotId is not null;
        return new BackupVolumeInfo
        {
            PvcName = volume.Claim,
            PvcNamespace = volume.Namespace,
            PvName = volume.Pv,
            BackupMethod = taken ? BackupVolumeInfo.PodVolumeBackupMethod : null,
            Skipped = !taken,
            SkippedReason = volume.SkippedReason,
            StartTimestamp = volume.StartedAt,
            CompletionTimestamp = volume.CompletedAt,
            Result = taken ? "succeeded" : null,
            PvbInfo = taken
                ? new PodVolumeInfo
                {
                    SnapshotHandle = volume.SnapshotId,
                    Size = volume.TotalBytes,
                    IncrementalSize = volume.IncrementalBytes,
                    UploaderType = "kopia",
                    VolumeName = volume.Volume ?? "",
                    PodName = volume.Pod ?? "",
                    PodNamespace = volume.Namespace,
                    NodeName = volume.Node,
                    Phase = "Completed",
                }
                : null,
            PvInfo = volume.Pv is null ? null : new PvInfo { ReclaimPolicy = volume.ReclaimPolicy, Labels = volume.PvLabels },
        };
    }
}
