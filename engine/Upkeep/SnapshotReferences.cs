using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>Which snapshots the backups of a bucket refer to, by their lists of pod volume backups and their volume infos.</summary>
internal sealed class SnapshotReferences(IBlobStore store)
{
    private const int ReadsAtOnce = 16;
    private const string Kopia = "kopia";

    private readonly BackupCatalog catalog = new(store);
    private Dictionary<string, HashSet<VolumeDataReference>>? ofListed;

    /// <summary>What one backup refers to.</summary>
    public async Task<OwnReferences> ReadAsync(BackupName name, CancellationToken cancellationToken)
    {
        HashSet<VolumeDataReference> snapshots = [];
        List<string> foreign = [];
        List<BackupException> damage = [];
        try
        {
            AddPodVolumes(await catalog.ReadPodVolumeBackupsAsync(name, cancellationToken), snapshots, foreign);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.Corrupt)
        {
            damage.Add(e);
        }

        try
        {
            AddInfos(await catalog.ReadVolumeInfosAsync(name, cancellationToken), snapshots, foreign);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.Corrupt)
        {
            damage.Add(e);
        }

        return new OwnReferences(snapshots, foreign, damage);
    }

    /// <summary>
    /// What all listed backups but one refer to. Read once; a backup that is made later refers to snapshots of its own. A file that
    /// cannot be read protects nothing: nobody can restore by it either.
    /// </summary>
    public async Task<HashSet<VolumeDataReference>> OfOthersAsync(BackupName name, CancellationToken cancellationToken)
    {
        ofListed ??= await ReadAllAsync(cancellationToken);
        return [.. ofListed.Where(other => other.Key != name.ToString()).SelectMany(other => other.Value)];
    }

    /// <summary>Says that a backup is gone.</summary>
    public void Forget(BackupName name) => ofListed?.Remove(name.ToString());

    private async Task<Dictionary<string, HashSet<VolumeDataReference>>> ReadAllAsync(CancellationToken cancellationToken)
    {
        List<BackupName> names = [];
        await foreach (BackupEntry entry in catalog.ListAsync(cancellationToken))
        {
            names.Add(BackupName.Parse(entry.Name));
        }

        HashSet<VolumeDataReference>[] found = new HashSet<VolumeDataReference>[names.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, names.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (index, token) => found[index] = (await ReadAsync(names[index], token)).Snapshots);
        return names.Zip(found).ToDictionary(pair => pair.First.ToString(), pair => pair.Second, StringComparer.Ordinal);
    }

    private static void AddPodVolumes(IReadOnlyList<PodVolumeBackup> volumes, HashSet<VolumeDataReference> snapshots, List<string> foreign)
    {
        foreach (PodVolumeBackup volume in volumes.Where(volume => volume.HasData))
        {
            string place = $"volume {volume.Spec.Volume} of pod {volume.Spec.Pod.Namespace}/{volume.Spec.Pod.Name}";
            if (volume.Spec.UploaderType != Kopia)
            {
                foreign.Add($"the data of {place} lies in a restic repository");
            }
            else
            {
                Add(volume.Spec.Pod.Namespace, volume.Status.SnapshotId, snapshots);
            }
        }
    }

    private static void AddInfos(IReadOnlyList<BackupVolumeInfo> infos, HashSet<VolumeDataReference> snapshots, List<string> foreign)
    {
        foreach (BackupVolumeInfo info in infos)
        {
            if (info.PvbInfo is { UploaderType: Kopia } podVolume)
            {
                Add(podVolume.PodNamespace, podVolume.SnapshotHandle, snapshots);
            }

            if (info is { SnapshotDataMoved: true, SnapshotDataMovementInfo: { UploaderType: Kopia } moved })
            {
                Add(info.PvcNamespace, moved.SnapshotHandle, snapshots);
            }
            else if (!info.Skipped && info.BackupMethod is BackupVolumeInfo.CsiSnapshotMethod or BackupVolumeInfo.NativeSnapshotMethod)
            {
                foreign.Add($"the data of claim {info.PvcNamespace}/{info.PvcName} is a {info.BackupMethod} of the storage system");
            }
        }
    }

    private static void Add(string? ns, string? snapshot, HashSet<VolumeDataReference> snapshots)
    {
        if (!string.IsNullOrEmpty(ns) && ManifestId.TryParse(snapshot, out ManifestId id))
        {
            snapshots.Add(new VolumeDataReference(ns, id));
        }
    }
}

/// <summary>What one backup refers to.</summary>
/// <param name="Snapshots">Snapshots in the repositories of the bucket.</param>
/// <param name="Foreign">Data of it that lies where this program cannot delete, for people.</param>
/// <param name="Damage">What could not be read of it.</param>
internal sealed record OwnReferences(HashSet<VolumeDataReference> Snapshots, IReadOnlyList<string> Foreign, IReadOnlyList<BackupException> Damage);
