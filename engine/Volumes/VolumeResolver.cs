using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Volumes;

/// <summary>Finds the local folder that shows a claim's data, by the strategy <c>mount</c>.</summary>
public sealed class VolumeResolver(VolumeMounts mounts)
{
    public const string Strategy = "mount";

    private const string NfsCsiDriver = "nfs.csi.k8s.io";

    /// <summary>Resolves a claim and the volume that it is bound to (null: it could not be read).</summary>
    public VolumeResolution Resolve(KubeObject pvc, KubeObject? pv)
    {
        string claim = $"claim {pvc.Namespace}/{pvc.Name}";
        if (pv is null)
        {
            string phase = pvc.TextAt("status", "phase") ?? "unknown";
            return Skipped(claim, pvc.TextAt("spec", "volumeName") is { Length: > 0 } named
                ? $"its volume {named} does not exist"
                : $"it is not bound to a volume (phase {phase})");
        }

        claim += $", volume {pv.Name}";
        if ((pv.TextAt("spec", "volumeMode") ?? pvc.TextAt("spec", "volumeMode")) == "Block")
        {
            return Skipped(claim, "it is a block device (volumeMode Block), which holds no files");
        }

        return SourceOf(pv) switch
        {
            { Problem: { } problem } => Skipped(claim, problem),
            { } source => ResolveSource(claim, pv.Name, source),
        };
    }

    private static VolumeResolution Skipped(string claim, string reason) => new(null, $"{claim}: {reason}");

    private VolumeResolution ResolveSource(string claim, string pvName, Source source)
    {
        if (NormalPath.Parts(source.Path).Contains(".."))
        {
            return Skipped(claim, $"its path '{source.Path}' holds '..'");
        }

        VolumeMount? best = mounts.Entries
            .Where(mount => string.Equals(mount.NfsServer, source.Server, StringComparison.OrdinalIgnoreCase) && NormalPath.Below(mount.Source, source.Path) is not null)
            .MaxBy(mount => mount.Source.Length);
        if (best is null)
        {
            string wanted = source.Server is null ? source.Path : $"{source.Server}:{source.Path}";
            return Skipped(claim, $"no volume mount covers {wanted}; add one like {wanted}=/local/folder to the volume mounts");
        }

        string relative = NormalPath.Below(best.Source, source.Path)!; // the entry was chosen by it
        string? path = ContainedPath.Find(best.LocalRoot, relative, out string? problem);
        return path is null
            ? Skipped(claim, $"{problem}; check that {best.NfsServer ?? "the node"}'s {(best.Source.Length == 0 ? "/" : best.Source)} is mounted there (volume mount {best})")
            : new VolumeResolution(new ResolvedVolume(path, Strategy, pvName), null);
    }

    private static Source SourceOf(KubeObject pv)
    {
        if (pv.NodeAt("spec", "nfs") is JsonObject)
        {
            return Named(pv.TextAt("spec", "nfs", "server"), pv.TextAt("spec", "nfs", "path"), "nfs");
        }

        if (pv.TextAt("spec", "csi", "driver") is { } driver)
        {
            return driver == NfsCsiDriver
                ? NfsCsi(pv)
                : new Source(null, "", $"its CSI driver {driver} is not one whose data can be reached through a mount");
        }

        if (pv.TextAt("spec", "hostPath", "path") is { } hostPath)
        {
            return new Source(null, hostPath, null);
        }

        if (pv.TextAt("spec", "local", "path") is { } localPath)
        {
            return new Source(null, localPath, null);
        }

        return new Source(null, "", "its kind of volume cannot be reached through a mount (nfs, csi with nfs.csi.k8s.io, hostPath and local can)");
    }

    private static Source Named(string? server, string? path, string kind) => server is null || path is null
        ? new Source(null, "", $"its {kind} source lacks server or path")
        : new Source(server, path, null);

    private static Source NfsCsi(KubeObject pv)
    {
        JsonObject attributes = pv.NodeAt("spec", "csi", "volumeAttributes") as JsonObject ?? [];

        // The driver takes its keys in any case, and writes subdir in lower case itself.
        string? Attribute(string key) => attributes.FirstOrDefault(member => string.Equals(member.Key, key, StringComparison.OrdinalIgnoreCase)).Value?.ToString();
        Source share = Named(Attribute("server"), Attribute("share"), "csi");
        return share.Problem is null && Attribute("subDir") is { Length: > 0 } below ? share with { Path = $"{share.Path}/{below}" } : share;
    }

    private sealed record Source(string? Server, string Path, string? Problem);
}
