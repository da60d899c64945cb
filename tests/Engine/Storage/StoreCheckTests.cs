using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.Folder;
using BackupFunctions.Engine.Storage.Wrappers;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Engine.Storage.S3;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage;

public sealed class StoreCheckTests : IDisposable
{
    private static readonly string[] AllSteps = ["put", "get", "range", "list", "conditional put", "clock", "delete"];

    private readonly TemporaryFolder folder = new();

    private FolderBlobStore Folder => new(folder.Path, TimeProvider.System);

    [Fact]
    public async Task A_good_store_passes_every_step_and_nothing_is_left()
    {
        StoreCheckReport report = await CheckAsync(Folder);
        Assert.Equal(AllSteps, report.Steps.Select(step => step.Name));
        Assert.All(report.Steps, step => Assert.True(step.Outcome == StoreCheckOutcome.Passed, step.ToString()));
        Assert.True(report.IsUsable);
        Assert.NotNull(report.ClockDifference);
        Assert.Empty(await Folder.ListAsync("", default).ToListAsync());
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task A_real_gateway_passes_every_step()
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("");
        StoreCheckReport report = await CheckAsync(BlobStoreFactory.Open(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System));
        Assert.All(report.Steps, step => Assert.True(step.Outcome == StoreCheckOutcome.Passed, step.ToString()));
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_fails_and_skips_the_rest()
    {
        StoreCheckReport report = await CheckAsync(new ReadOnlyBlobStore(Folder));
        Assert.Equal(StoreCheckOutcome.Failed, report.Steps[0].Outcome);
        Assert.All(report.Steps.Skip(1), step => Assert.Equal(StoreCheckOutcome.Skipped, step.Outcome));
        Assert.False(report.IsUsable);
    }

    [Fact]
    public async Task A_store_without_conditional_writes_is_usable_with_a_warning()
    {
        StoreCheckReport report = await CheckAsync(new UnconditionalBlobStore(Folder));
        Assert.Equal(StoreCheckOutcome.Warning, report.Steps.Single(step => step.Name == "conditional put").Outcome);
        Assert.True(report.IsUsable);
    }

    [Fact]
    public async Task A_step_that_fails_is_named_with_its_remedy()
    {
        ObservedBlobStore store = new(Folder) { Fault = call => call.Operation == StoreOperation.List ? StoreFault.Deny : StoreFault.None };
        StoreCheckReport report = await CheckAsync(store);
        Assert.False(report.IsUsable);
        StoreCheckStep failed = Assert.Single(report.Steps, step => step.Outcome == StoreCheckOutcome.Failed);
        Assert.Equal("list", failed.Name);
        Assert.Contains("Stop injecting.", failed.Detail, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static Task<StoreCheckReport> CheckAsync(IBlobStore store) => new StoreCheck(store, TimeProvider.System).RunAsync(default);
}
