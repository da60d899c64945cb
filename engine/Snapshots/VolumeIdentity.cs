namespace BackupFunctions.Engine.Snapshots;

/// <summary>Whose data it is, in the words that Velero makes a snapshot's path of.</summary>
/// <param name="Namespace">Namespace of the pod or claim.</param>
/// <param name="PodName">The pod that mounts it; the claim's name when no pod does.</param>
/// <param name="VolumeOrClaimName">The claim's name, or the volume's in the pod when it has no claim.</param>
public sealed record VolumeIdentity(string Namespace, string PodName, string VolumeOrClaimName)
{
    private const string PodVolumeRoot = "snapshot-pod-volume/kopia/";
    private const string ClaimRoot = "snapshot-data-upload-download/kopia/";

    /// <summary>The source's path as Velero 1.17 and later write it for the data of pod volumes.</summary>
    public string SourcePath => $"{PodVolumeRoot}{Namespace}/{PodName}/{VolumeOrClaimName}";

    /// <summary>Whether a source's path is of this volume, whichever pod mounted it (pods are replaced) and whichever way Velero read it.</summary>
    public bool IsSourceOfSameVolume(string path)
    {
        if (path == $"{ClaimRoot}{Namespace}/{VolumeOrClaimName}")
        {
            return true;
        }

        string start = $"{PodVolumeRoot}{Namespace}/";
        string end = "/" + VolumeOrClaimName;
        return path.Length > start.Length + end.Length
            && path.StartsWith(start, StringComparison.Ordinal)
            && path.EndsWith(end, StringComparison.Ordinal)
            && !path.AsSpan(start.Length, path.Length - start.Length - end.Length).Contains('/');
    }
}
