using System.Text;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.Folder;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage;

public sealed class ClaimWriterTests : IDisposable
{
    private static readonly BlobName Plan = BlobName.Parse("backups/b/work/plan.json");

    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new();

    private FolderBlobStore Folder => new(folder.Path, TimeProvider.System);

    [Fact]
    public async Task One_of_many_gets_the_claim_where_the_store_decides()
    {
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Claim(Folder, $"writer {i}")));
        Assert.Single(won, true);
    }

    [Fact]
    public async Task One_of_many_gets_the_claim_where_the_store_does_not_decide()
    {
        UnconditionalBlobStore store = new(Folder);
        Task<bool>[] claims = [.. Enumerable.Range(0, 8).Select(i => Task.Run(() => Claim(store, $"writer {i}")))];
        await WaitForTimersAsync(8);
        time.Advance(TimeSpan.FromSeconds(5));
        bool[] won = await Task.WhenAll(claims);

        Assert.Single(won, true);
        Assert.Equal([Plan], await Folder.ListAsync("", default).Select(info => info.Name).ToListAsync());
        Assert.False(await Claim(store, "late"));
    }

    [Fact]
    public async Task Who_comes_between_the_winners_look_and_its_write_does_not_win_too()
    {
        UnconditionalBlobStore store = new(Folder);
        Task<bool> early = Claim(store, "early");
        await WaitForTimersAsync(1);
        time.Advance(TimeSpan.FromSeconds(4));
        Task<bool> late = Claim(store, "late");
        await WaitForTimersAsync(2);
        time.Advance(TimeSpan.FromSeconds(1));
        bool earlyWon = await early;
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(!earlyWon, await late);
    }

    [Fact]
    public async Task A_cancelled_claim_leaves_no_candidate()
    {
        using CancellationTokenSource source = new();
        ClaimWriter writer = new(new UnconditionalBlobStore(Folder), new ClaimOptions(), time);
        Task<bool> claim = writer.TryClaimAsync(Plan, "x"u8.ToArray(), source.Token);
        await WaitForTimersAsync(1);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim);
        Assert.Empty(await Folder.ListAsync("", default).ToListAsync());
    }

    public void Dispose() => folder.Dispose();

    private Task<bool> Claim(IBlobStore store, string content) =>
        new ClaimWriter(store, new ClaimOptions(), time).TryClaimAsync(Plan, Encoding.UTF8.GetBytes(content), default);

    private async Task WaitForTimersAsync(int count)
    {
        while (time.WaitingTimers < count)
        {
            await Task.Yield();
        }
    }
}
