using Xunit.Abstractions;
using Xunit.Sdk;

namespace BackupFunctions.Tests.Contracts;

/// <summary>A test that is skipped for a reason found at discovery.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string _reason = "";

    /// <summary>For the test framework, which fills it with <see cref="Deserialize"/>.</summary>
    [Obsolete("Called by the test framework only", error: true)]
    public SkippedTestCase()
    {
    }

    internal SkippedTestCase(IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod method, string reason)
        : base(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
    {
        _reason = reason;
        SkipReason = reason;
    }

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Reason", _reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>("Reason");
        base.Deserialize(data);
        SkipReason = _reason;
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
}
