using Xunit;
using Xunit.Sdk;

namespace BackupFunctions.Tests.Contracts;

/// <summary>A test of a contract: skipped with the reason when the class that runs it needs a server (<see cref="NeedsPeerAttribute"/>) that cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("BackupFunctions.Tests.Contracts.ContractFactDiscoverer", "Backup.Functions.Tests")]
public sealed class ContractFactAttribute : FactAttribute;
