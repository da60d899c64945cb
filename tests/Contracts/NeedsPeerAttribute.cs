using BackupFunctions.Tests.Peers;

namespace BackupFunctions.Tests.Contracts;

/// <summary>On a class that runs a contract: its tests need these servers.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsPeerAttribute(params Peer[] peers) : Attribute
{
    public IReadOnlyList<Peer> Peers { get; } = peers;
}
