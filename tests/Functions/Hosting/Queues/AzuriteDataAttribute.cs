using System.Reflection;
using BackupFunctions.Tests.Peers;
using Xunit.Sdk;

namespace BackupFunctions.Tests.Functions.Hosting.Queues;

/// <summary>A row of a theory that runs on Azurite; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AzuriteDataAttribute : DataAttribute
{
    public AzuriteDataAttribute() => Skip = PeerAvailability.SkipReason([Peer.Azurite]);

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[QueueUnderTest.Azurite]];
}
