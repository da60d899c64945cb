using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Volumes;

/// <summary>
/// Velero's opt-in and opt-out rules for the claims of one namespace. Beyond Velero, a claim that no pod mounts is taken when
/// volumes are taken by default.
/// </summary>
public sealed class VolumeSelection
{
    private const string IncludeAnnotation = "backup.velero.io/backup-volumes";
    private const string ExcludeAnnotation = "backup.velero.io/backup-volumes-excludes";
    private const string ExcludeLabel = "velero.io/exclude-from-backup";

    private readonly bool _byDefault;
    private readonly ILookup<string, Use> _usesByClaim;

    /// <summary>Looks at the pods once; keeps only what is needed of them.</summary>
    /// <param name="pods">The pods of the namespace.</param>
    /// <param name="defaultVolumesToFsBackup">Whether volumes are taken unless excluded (opt-out), or only when named (opt-in).</param>
    public VolumeSelection(IEnumerable<KubeObject> pods, bool defaultVolumesToFsBackup)
    {
        _byDefault = defaultVolumesToFsBackup;
        _usesByClaim = pods.Where(pod => pod.Label(ExcludeLabel) != "true").SelectMany(UsesOf).ToLookup(use => use.Claim);
    }

    /// <summary>Whether the claim's data is taken: yes as soon as one pod that mounts it says so.</summary>
    public VolumeChoice Decide(KubeObject pvc)
    {
        if (pvc.Label(ExcludeLabel) == "true")
        {
            return new VolumeChoice(false, $"it has the label {ExcludeLabel}=true", null, null);
        }

        List<Use> uses = [.. _usesByClaim[pvc.Name]];
        if (uses.Count == 0)
        {
            return _byDefault
                ? new VolumeChoice(true, "volumes are taken by default", null, null)
                : new VolumeChoice(false, $"no pod names it in the annotation {IncludeAnnotation}", null, null);
        }

        if (uses.Find(use => _byDefault ? !use.OptedOut : use.OptedIn) is { } taker)
        {
            string reason = _byDefault ? "volumes are taken by default" : $"pod {taker.Pod} names it in {IncludeAnnotation}";
            return new VolumeChoice(true, reason, taker.Pod, taker.Volume);
        }

        Use first = uses[0];
        return new VolumeChoice(
            false,
            _byDefault ? $"pod {first.Pod} excludes it in {ExcludeAnnotation}" : $"no pod names it in the annotation {IncludeAnnotation}",
            first.Pod,
            first.Volume);
    }

    private static IEnumerable<Use> UsesOf(KubeObject pod)
    {
        // The lists are not trimmed: a blank after a comma belongs to the name, as in Velero.
        string[] optedIn = pod.Annotation(IncludeAnnotation)?.Split(',') ?? [];
        string[] optedOut = pod.Annotation(ExcludeAnnotation)?.Split(',') ?? [];
        foreach (JsonObject volume in (pod.NodeAt("spec", "volumes") as JsonArray ?? []).OfType<JsonObject>())
        {
            string name = volume["name"]?.ToString() ?? "";
            string? claim = (volume["persistentVolumeClaim"] as JsonObject)?["claimName"]?.ToString()
                ?? (volume["ephemeral"] is JsonObject ? $"{pod.Name}-{name}" : null);
            if (claim is not null)
            {
                yield return new Use(claim, pod.Name, name, optedIn.Contains(name), optedOut.Contains(name));
            }
        }
    }

    private sealed record Use(string Claim, string Pod, string Volume, bool OptedIn, bool OptedOut);
}
