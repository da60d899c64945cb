using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.Folder;
using BackupFunctions.Engine.Storage.Wrappers;
using BackupFunctions.Tests.Contracts;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage.Wrappers;

public sealed class RetryingBlobStoreTests : IDisposable
{
    private static readonly BlobName Name = BlobName.Parse("x");

    private readonly TemporaryFolder folder = new();
    private readonly SkippingTimeProvider time = new();
    private readonly ObservedBlobStore observed;

    public RetryingBlobStoreTests() => observed = new ObservedBlobStore(new FolderBlobStore(folder.Path, TimeProvider.System));

    [Fact]
    public async Task Waits_double_up_to_the_longest_and_have_a_random_part()
    {
        BlobStoreOptions options = new() { MaxAttempts = 7, FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(8), MaxTotalTime = TimeSpan.FromHours(1) };
        observed.Fault = _ => StoreFault.FailBefore;
        await ThrowsAsync(ErrorKind.Unavailable, () => PutAsync(Store(options)));

        double[] full = [1, 2, 4, 8, 8, 8];
        Assert.Equal(7, observed.Calls.Count);
        Assert.Equal(full.Length, time.Waits.Count);
        Assert.All(full.Zip(time.Waits), pair => Assert.InRange(pair.Second.TotalSeconds, pair.First / 2, pair.First));
    }

    [Fact]
    public async Task No_attempt_starts_after_the_total_time()
    {
        BlobStoreOptions options = new() { MaxAttempts = 1000, FirstDelay = TimeSpan.FromSeconds(10), LongestDelay = TimeSpan.FromSeconds(10), MaxTotalTime = TimeSpan.FromSeconds(60) };
        observed.Fault = _ => StoreFault.FailBefore;
        await ThrowsAsync(ErrorKind.Unavailable, () => PutAsync(Store(options)));
        Assert.InRange(observed.Calls.Count, 7, 13);
    }

    [Fact]
    public async Task What_no_repetition_mends_is_not_repeated()
    {
        observed.Fault = _ => StoreFault.Deny;
        await ThrowsAsync(ErrorKind.AccessDenied, () => PutAsync(Store()));
        Assert.Single(observed.Calls);
    }

    [Fact]
    public async Task A_put_if_absent_whose_answer_was_lost_is_known_as_its_own()
    {
        observed.Fault = call => call.Number == 1 ? StoreFault.FailAfter : StoreFault.None;
        Assert.True(await Store().PutAsync(Name, "mine"u8.ToArray(), PutCondition.IfAbsent, default));
    }

    [Fact]
    public async Task A_put_if_absent_that_failed_before_another_won_is_refused()
    {
        observed.Fault = call =>
        {
            if (call.Number > 1)
            {
                return StoreFault.None;
            }

            File.WriteAllText(Path.Combine(folder.Path, "x"), "other");
            return StoreFault.FailBefore;
        };
        Assert.False(await Store().PutAsync(Name, "mine"u8.ToArray(), PutCondition.IfAbsent, default));
    }

    [Theory]
    [InlineData(0, 100_000)]
    [InlineData(1234, 77_777)]
    public async Task A_read_that_breaks_goes_on_where_it_broke(int offset, int length)
    {
        byte[] content = new byte[100_000];
        new Random(1).NextBytes(content);
        await observed.PutAsync(Name, content, PutCondition.Always, default);
        observed.Reset();
        observed.Fault = call => call.Number <= 5 ? StoreFault.Cut : StoreFault.None;

        BlobRange? range = length == content.Length ? null : new BlobRange(offset, length);
        await using Stream stream = await Store().OpenReadAsync(Name, range, default);
        using MemoryStream read = new();
        await stream.CopyToAsync(read);

        Assert.True(content.AsSpan(offset, length).SequenceEqual(read.ToArray()));
        Assert.Equal(6, observed.Count(StoreOperation.Get));
    }

    [Fact]
    public async Task A_read_is_not_taken_up_on_other_content()
    {
        await observed.PutAsync(Name, new byte[1000], PutCondition.Always, default);
        observed.Fault = _ => StoreFault.Cut;
        await using Stream stream = await Store().OpenReadAsync(Name, null, default);
        await stream.ReadExactlyAsync(new byte[500]);
        await observed.PutAsync(Name, new byte[2000], PutCondition.Always, default);
        await ThrowsAsync(ErrorKind.Conflict, async () => await stream.ReadExactlyAsync(new byte[500]));
    }

    [Fact]
    public async Task A_read_that_breaks_at_once_each_time_ends()
    {
        await observed.PutAsync(Name, new byte[1], PutCondition.Always, default);
        observed.Reset();
        observed.Fault = _ => StoreFault.Cut;
        await using Stream stream = await Store().OpenReadAsync(Name, null, default);
        await ThrowsAsync(ErrorKind.Unavailable, async () => await stream.ReadExactlyAsync(new byte[1]));
        Assert.Equal(new BlobStoreOptions().MaxAttempts, observed.Calls.Count);
    }

    [Fact]
    public async Task A_listing_that_breaks_has_every_blob_once()
    {
        string[] names = ["a", "b", "c", "d", "e"];
        foreach (string name in names)
        {
            await observed.PutAsync(BlobName.Parse(name), new byte[1], PutCondition.Always, default);
        }

        observed.Reset();
        observed.Fault = call => call.Number <= 3 ? StoreFault.Cut : StoreFault.None;
        Assert.Equal(names, await Store().ListAsync("", default).Select(info => info.Name.ToString()).ToListAsync());
    }

    [Fact]
    public async Task A_stream_that_can_seek_is_sent_again_from_its_start()
    {
        observed.Fault = call => call.Number == 1 ? StoreFault.FailBefore : StoreFault.None;
        using MemoryStream content = new("0123456789"u8.ToArray()) { Position = 4 };
        Assert.Equal(6, await Store().PutStreamAsync(Name, content, default));
        Assert.Equal("456789", await File.ReadAllTextAsync(Path.Combine(folder.Path, "x")));
    }

    [Fact]
    public async Task A_read_only_store_refuses_writes_without_trying()
    {
        ReadOnlyBlobStore store = new(Store());
        await ThrowsAsync(ErrorKind.AccessDenied, () => PutAsync(store));
        await ThrowsAsync(ErrorKind.AccessDenied, () => store.DeleteAsync(Name, default));
        await ThrowsAsync(ErrorKind.AccessDenied, () => store.PutStreamAsync(Name, Stream.Null, default));
        Assert.Empty(observed.Calls);
        Assert.Null(await store.TryGetInfoAsync(Name, default));
    }

    public void Dispose() => folder.Dispose();

    private static Task<bool> PutAsync(IBlobStore store) => store.PutAsync(Name, new byte[1], PutCondition.Always, default);

    private static async Task ThrowsAsync(ErrorKind kind, Func<Task> act) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<BackupException>(act)).Kind);

    private RetryingBlobStore Store(BlobStoreOptions? options = null) => new(observed, options ?? new BlobStoreOptions(), time);
}
