using BackupFunctions.Tests.Peers.Processes;

namespace BackupFunctions.Tests.Peers;

/// <summary>
/// Whether a peer can be had on this machine. With CI=true a test with a missing peer is not skipped but runs, and fails
/// with the reason, so that a run without its servers cannot look green.
/// </summary>
internal static class PeerAvailability
{
    public static string? SkipReason(IReadOnlyList<Peer> peers)
    {
        foreach (var peer in peers)
        {
            if (ReasonMissing(peer) is { } reason && (!MustBeThere(peer) || !InContinuousIntegration))
            {
                return $"{peer}: {reason}";
            }
        }

        return null;
    }

    public static string? ReasonMissing(Peer peer) => peer switch
    {
        Peer.Azurite => MissingProgram("azurite.sh", "azurite-queue", "node"),
        Peer.S3Gateway => MissingProgram("ceph-gateway.sh", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "radosgw", "radosgw-admin"),
        Peer.KubeApiServer => MissingProgram("kube-apiserver.sh", "kube-apiserver", "kube-controller-manager") ?? MissingProgram("etcd.sh", "etcd"),
        Peer.Zstd => MissingProgram("tools.sh", "zstd"),
        Peer.Kopia => Programs.Find("kopia") is null ? "kopia is not on PATH" : null,
        Peer.KopiaChecker => KopiaChecker.ReasonMissing,
        _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, null),
    };

    private static bool InContinuousIntegration =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    private static bool MustBeThere(Peer peer) => peer is not (Peer.Kopia or Peer.KopiaChecker);

    private static string? MissingProgram(string script, params ReadOnlySpan<string> programs)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "the server is only set up on Linux";
        }

        foreach (var program in programs)
        {
            if (Programs.Find(program) is null)
            {
                return $"{program} is not installed; run tests/servers/{script}";
            }
        }

        return null;
    }
}
