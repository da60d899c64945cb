using System.Globalization;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage.S3;

public sealed class S3MisbehaviourTests
{
    private const string AccessKey = "AKIDOFATEST";
    private const string Secret = "secret-of-a-test";
    private static readonly BlobName Name = BlobName.Parse("some/blob");
    private static readonly BlobStoreOptions NoWaits = new() { FirstDelay = TimeSpan.Zero };

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        await using MisbehavingServer server = new(request => request.AnswerAsync(request.Number < 3 ? "503 Slow Down" : "200 OK"));
        Assert.True(await Retrying(server).PutAsync(Name, new byte[1000], PutCondition.Always, default));
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated_and_never_repeats_the_key()
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(
            $"<Error><Code>InvalidAccessKeyId</Code><Message>No key {AccessKey}</Message><AWSAccessKeyId>{AccessKey}</AWSAccessKeyId></Error>");
        await using MisbehavingServer server = new(request => request.AnswerAsync("403 Forbidden", body));
        BackupException error = await ThrowsAsync(ErrorKind.AccessDenied, () => Retrying(server).PutAsync(Name, new byte[1000], PutCondition.Always, default));
        Assert.Equal(1, server.Requests);
        Assert.Contains("some/blob", error.Message, StringComparison.Ordinal);
        Assert.Contains(server.Endpoint.Authority, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AccessKey, error.ToString() + error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString() + error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_ends_early_is_an_error_and_not_a_short_blob()
    {
        await using MisbehavingServer server = new(request => request.AnswerAsync("200 OK", 100_000, new byte[40_000]));
        using S3BlobStore store = Plain(server, new BlobStoreOptions());
        await using Stream stream = await store.OpenReadAsync(Name, null, default);
        await ThrowsAsync(ErrorKind.Unavailable, () => stream.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_connection_cut_in_mid_body_is_taken_up_where_it_broke()
    {
        byte[] content = new byte[100_000];
        new Random(5).NextBytes(content);
        await using MisbehavingServer server = new(request =>
        {
            int from = request.Headers.TryGetValue("Range", out string? range) ? int.Parse(range["bytes=".Length..range.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture) : 0;
            string head = range is null ? "200 OK" : $"206 Partial Content\r\nContent-Range: bytes {from}-{content.Length - 1}/{content.Length}";
            int sent = Math.Min(30_000, content.Length - from);
            return request.AnswerAsync(head, content.Length - from, content.AsMemory(from, sent));
        });
        await using Stream stream = await Retrying(server).OpenReadAsync(Name, null, default);
        using MemoryStream read = new();
        await stream.CopyToAsync(read);
        Assert.True(content.AsSpan().SequenceEqual(read.ToArray()));
        Assert.InRange(server.Requests, 4, 8);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_after_the_time_limit()
    {
        ManualTimeProvider time = new();
        TaskCompletionSource arrived = new();
        await using MisbehavingServer server = new(request =>
        {
            arrived.SetResult();
            return request.HangAsync();
        });
        using S3BlobStore store = Plain(server, new BlobStoreOptions(), time);
        Task<BlobInfo?> call = store.TryGetInfoAsync(Name, default);
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(61));
        BackupException error = await ThrowsAsync(ErrorKind.Unavailable, () => call);
        Assert.Contains("did not answer within 60 seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_stalls_is_given_up_after_the_time_limit()
    {
        ManualTimeProvider time = new();
        await using MisbehavingServer server = new(async request =>
        {
            await request.AnswerAsync("200 OK", 1000, new byte[10]);
            await request.HangAsync();
        });
        using S3BlobStore store = Plain(server, new BlobStoreOptions(), time);
        await using Stream stream = await store.OpenReadAsync(Name, null, default);
        await stream.ReadExactlyAsync(new byte[10]);
        Task<int> read = stream.ReadAsync(new byte[10]).AsTask();
        time.Advance(TimeSpan.FromSeconds(61));
        BackupException error = await ThrowsAsync(ErrorKind.Unavailable, () => read);
        Assert.Contains("sent nothing for 60 seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_is_not_taken_for_a_failure()
    {
        using CancellationTokenSource source = new();
        await using MisbehavingServer server = new(request =>
        {
            source.Cancel();
            return request.HangAsync();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Retrying(server).TryGetInfoAsync(Name, source.Token));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_found_out()
    {
        await using MisbehavingServer server = new(request => request.AnswerAsync("200 OK", new byte[1000]));
        using S3BlobStore store = Plain(server, new BlobStoreOptions());
        await ThrowsAsync(ErrorKind.Unsupported, () => store.OpenReadAsync(Name, new BlobRange(10, 20), default));
    }

    [Fact]
    public async Task A_server_that_ignores_conditions_is_found_out_before_the_first_claim()
    {
        List<string> puts = [];
        await using MisbehavingServer server = new(request =>
        {
            puts.Add(request.Line);
            return request.AnswerAsync("200 OK");
        });
        IBlobStore store = Retrying(server);
        Assert.True(store.SupportsConditionalPut);
        await ThrowsAsync(ErrorKind.Unsupported, () => store.PutAsync(Name, new byte[1], PutCondition.IfAbsent, default));
        Assert.False(store.SupportsConditionalPut);
        Assert.DoesNotContain(puts, line => line.Contains("some/blob", StringComparison.Ordinal));
        int before = server.Requests;
        await ThrowsAsync(ErrorKind.Unsupported, () => store.PutAsync(Name, new byte[1], PutCondition.IfAbsent, default));
        Assert.Equal(before, server.Requests);
    }

    [Theory]
    [InlineData("409 Conflict")]
    [InlineData("503 Service Unavailable")]
    [InlineData("500 Internal Server Error")]
    [InlineData("429 Too Many Requests")]
    public async Task What_may_pass_is_transient(string answer)
    {
        await using MisbehavingServer server = new(request => request.AnswerAsync(answer));
        using S3BlobStore store = new(Url(server) with { ConditionalPut = true }, Credentials(), NoWaits, TimeProvider.System);
        BackupException error = await ThrowsAsync(ErrorKind.Unavailable, () => store.PutAsync(Name, new byte[1], PutCondition.IfAbsent, default));
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task An_endpoint_where_nothing_listens_is_unavailable_and_named()
    {
        MisbehavingServer server = new(request => request.HangAsync());
        S3StoreUrl url = Url(server);
        await server.DisposeAsync();
        IBlobStore store = BlobStoreFactory.Open(url, Credentials(), NoWaits, TimeProvider.System);
        BackupException error = await ThrowsAsync(ErrorKind.Unavailable, () => store.ListAsync("", default).ToListAsync().AsTask());
        Assert.Contains(url.Endpoint!.Authority, error.Message, StringComparison.Ordinal); // Url sets it
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_given_authority_is_trusted()
    {
        using TestAuthority authority = new();
        await using MisbehavingServer server = new(request => request.AnswerAsync("200 OK", new byte[5]), authority.ServerCertificate);
        using S3BlobStore trusting = new(Url(server) with { CaFile = authority.CaFile }, Credentials(), NoWaits, TimeProvider.System);
        using S3BlobStore doubting = new(Url(server), Credentials(), NoWaits, TimeProvider.System);
        await using Stream stream = await trusting.OpenReadAsync(Name, null, default);
        await stream.ReadExactlyAsync(new byte[5]);
        BackupException error = await ThrowsAsync(ErrorKind.InvalidInput, () => doubting.OpenReadAsync(Name, null, default));
        Assert.Contains("not trusted", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/does/not/exist.pem")]
    [InlineData("/etc/hostname")]
    public void A_CA_file_that_is_none_is_bad_input(string path)
    {
        S3StoreUrl url = new() { Bucket = "bucket", CaFile = path };
        BackupException error = Assert.Throws<BackupException>(() => BlobStoreFactory.Open(url, Credentials(), NoWaits, TimeProvider.System));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static async Task<BackupException> ThrowsAsync(ErrorKind kind, Func<Task> act)
    {
        BackupException error = await Assert.ThrowsAsync<BackupException>(act);
        Assert.True(kind == error.Kind, error.ToString());
        return error;
    }

    private static S3Credentials Credentials() => new(AccessKey, Secret, null);

    private static S3StoreUrl Url(MisbehavingServer server) => new() { Bucket = "bucket", Endpoint = server.Endpoint, PathStyle = true };

    private static S3BlobStore Plain(MisbehavingServer server, BlobStoreOptions options, TimeProvider? time = null) =>
        new(Url(server), Credentials(), options, time ?? TimeProvider.System);

    private static IBlobStore Retrying(MisbehavingServer server) => BlobStoreFactory.Open(Url(server), Credentials(), NoWaits, TimeProvider.System);
}
