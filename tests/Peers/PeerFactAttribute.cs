using Xunit;

namespace BackupFunctions.Tests.Peers;

/// <summary>A test that needs real servers: skipped with the reason where one of them cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(params Peer[] peers)
    {
        Peers = peers;
        Skip = PeerAvailability.SkipReason(peers);
    }

    public IReadOnlyList<Peer> Peers { get; }
}
