using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Restores;

/// <summary>
/// Finds the data of claims in a backup: through its pod volume backups, and, for volumes that Velero's data mover copied, through
/// the volume infos. What has data that cannot be brought back is said, never passed over.
/// </summary>
internal static class VolumeSources
{
    private const string Kopia = "kopia";

    public static List<VolumeSource> Of(IReadOnlyList<PodVolumeBackup> podVolumes, IReadOnlyList<BackupVolumeInfo> infos, List<ItemFailure> warnings)
    {
        Dictionary<(string, string), VolumeSource> sources = [];
        foreach (PodVolumeBackup volume in podVolumes.Where(volume => volume.HasData))
        {
            string ns = volume.Spec.Pod.Namespace ?? "";
            if (volume.Spec.UploaderType != Kopia)
            {
                warnings.Add(new ItemFailure(ns, "pods", volume.Spec.Pod.Name, $"the data of volume {volume.Spec.Volume} lies in a {(volume.Spec.UploaderType.Length == 0 ? "restic" : volume.Spec.UploaderType)} repository, which cannot be read; restore it with Velero"));
            }
            else if (volume.PvcName is not { Length: > 0 } claim)
            {
                warnings.Add(new ItemFailure(ns, "pods", volume.Spec.Pod.Name, $"the data of volume {volume.Spec.Volume} is in the backup, but the volume belongs to the pod alone and has no claim to be restored into"));
            }
            else
            {
                PvInfo? pv = infos.FirstOrDefault(info => info.PvcNamespace == ns && info.PvcName == claim)?.PvInfo;
                sources[(ns, claim)] = new VolumeSource
                {
                    Namespace = ns,
                    Claim = claim,
                    SnapshotId = volume.Status.SnapshotId!, // HasData
                    SizeBytes = volume.Status.Progress.TotalBytes,
                    Pod = volume.Spec.Pod.Name,
                    Volume = volume.Spec.Volume,
                    ReclaimPolicy = pv?.ReclaimPolicy,
                    PvLabels = pv?.Labels,
                };
            }
        }

        foreach (BackupVolumeInfo info in infos)
        {
            AddMoved(info, sources, warnings);
        }

        return [.. sources.Values.OrderBy(source => source.Namespace, StringComparer.Ordinal).ThenBy(source => source.Claim, StringComparer.Ordinal)];
    }

    private static void AddMoved(BackupVolumeInfo info, Dictionary<(string, string), VolumeSource> sources, List<ItemFailure> warnings)
    {
        if (info is not { PvcNamespace: { } ns, PvcName: { } claim } || sources.ContainsKey((ns, claim)))
        {
            return;
        }

        if (info is { SnapshotDataMoved: true, SnapshotDataMovementInfo: { UploaderType: Kopia, SnapshotHandle: { Length: > 0 } handle } moved })
        {
            sources[(ns, claim)] = new VolumeSource
            {
                Namespace = ns,
                Claim = claim,
                SnapshotId = handle,
                SizeBytes = moved.Size,
                ReclaimPolicy = info.PvInfo?.ReclaimPolicy,
                PvLabels = info.PvInfo?.Labels,
            };
        }
        else if (info.BackupMethod is BackupVolumeInfo.CsiSnapshotMethod or BackupVolumeInfo.NativeSnapshotMethod)
        {
            warnings.Add(new ItemFailure(ns, "persistentvolumeclaims", claim, $"the data of claim {ns}/{claim} is a {info.BackupMethod} of the storage system, not in the bucket; restore it with Velero"));
        }
    }
}
