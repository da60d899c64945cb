using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.Folder;
using BackupFunctions.Engine.Storage.Wrappers;
using BackupFunctions.Tests.Contracts;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage.Wrappers;

public sealed class WrappedStoreContractTests : BlobStoreContract, IDisposable
{
    private static readonly BlobStoreOptions NoWaits = new() { FirstDelay = TimeSpan.Zero };

    private readonly TemporaryFolder folder = new();

    private FolderBlobStore Inner => new(folder.Path, TimeProvider.System);

    [Theory]
    [MemberData(nameof(Rules))]
    public Task A_sub_tree_keeps_the_contract(string rule) => CheckAsync(rule, new PrefixedBlobStore(Inner, "kopia/arr/"));

    [Theory]
    [MemberData(nameof(Rules))]
    public Task Retry_keeps_the_contract(string rule) => CheckAsync(rule, new RetryingBlobStore(Inner, NoWaits, TimeProvider.System));

    [Theory]
    [MemberData(nameof(Rules))]
    public Task Retry_keeps_the_contract_on_a_store_that_fails_every_third_call(string rule)
    {
        // A folder takes a stream in one go, so that one which cannot be read again is not sent again either.
        ObservedBlobStore flaky = new(Inner)
        {
            Fault = call => call.Number % 3 == 0 && call.Name != "s/stream" ? StoreFault.FailBefore : StoreFault.None,
        };
        return CheckAsync(rule, new RetryingBlobStore(flaky, NoWaits, TimeProvider.System));
    }

    public void Dispose() => folder.Dispose();
}
