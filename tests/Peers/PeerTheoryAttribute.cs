using Xunit;

namespace BackupFunctions.Tests.Peers;

/// <summary>A theory that needs real servers: skipped with the reason where one of them cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(params Peer[] peers)
    {
        Peers = peers;
        Skip = PeerAvailability.SkipReason(peers);
    }

    public IReadOnlyList<Peer> Peers { get; }
}
