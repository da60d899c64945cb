using BackupFunctions.Tests.Peers;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace BackupFunctions.Tests.Contracts;

/// <summary>Finds the tests of a contract in the classes that run it. Created by the test framework.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        Type type = testMethod.TestClass.Class.ToRuntimeType();
        IReadOnlyList<Peer> peers = type.GetCustomAttributes(typeof(NeedsPeerAttribute), inherit: false).OfType<NeedsPeerAttribute>().SelectMany(needs => needs.Peers).ToList();
        return PeerAvailability.SkipReason(peers) is { } reason
            ? new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, reason)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
    }
}
