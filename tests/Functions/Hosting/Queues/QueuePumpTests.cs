using System.Collections.Concurrent;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Work;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Queues;

public sealed class QueuePumpTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task A_message_that_fails_is_tried_again_then_recorded_and_moved_to_the_poison_queue(string kind)
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(kind);
        int runs = 0;
        List<(string Name, string Reason)> poisoned = [];
        await using PumpUnderTest pump = new(
            queue,
            (_, _) => throw new InvalidOperationException($"broken {Interlocked.Increment(ref runs)}"),
            poison: (message, reason) =>
            {
                poisoned.Add((message.Name, reason));
                return Task.CompletedTask;
            });
        await queue.SendWorkAsync("b1");

        await pump.DrainAsync();

        Assert.Equal(3, runs);
        Assert.Equal([("b1", "InvalidOperationException: broken 3")], poisoned);
        Assert.Equal(0, await queue.Queue.CountAsync(queue.Name, None));
        Assert.Contains("\"b1\"", QueueUnderTest.Text(await queue.ReceiveOneAsync(QueueNames.PoisonOf(queue.Name))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_cannot_be_recorded_keeps_its_message()
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        int attempts = 0;
        await using PumpUnderTest pump = new(
            queue,
            (_, _) => throw new InvalidOperationException("broken"),
            poison: (_, _) => ++attempts < 3 ? throw new IOException("the store is away") : Task.CompletedTask);
        await queue.SendWorkAsync("b1");

        await pump.DrainAsync();

        Assert.Equal(3, attempts);
        Assert.Equal(2, pump.Log.CountOf(107));
        Assert.Equal(1, await queue.Queue.CountAsync(QueueNames.PoisonOf(queue.Name), None));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"version":2,"run":"backup","name":"b"}""")]
    [InlineData("""{"version":1,"run":"backup"}""")]
    [InlineData("null")]
    public async Task A_message_that_is_none_of_ours_goes_to_the_poison_queue_unread(string body)
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        int runs = 0;
        await using PumpUnderTest pump = new(queue, (_, _) => Task.FromResult(++runs));
        await queue.SendAsync(body);

        await pump.DrainAsync();

        Assert.Equal(0, runs);
        Assert.Equal(body, QueueUnderTest.Text(await queue.ReceiveOneAsync(QueueNames.PoisonOf(queue.Name))));
        Assert.Equal(1, pump.Log.CountOf(108));
    }

    [Fact]
    public async Task A_message_whose_workers_were_killed_too_often_is_recorded_and_not_run_again()
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        await queue.SendWorkAsync("b1");
        for (int killed = 0; killed < PumpUnderTest.Quick.MaxDequeueCount; killed++)
        {
            await queue.Queue.RenewAsync(await queue.ReceiveOneAsync(), TimeSpan.Zero, None);
        }

        int runs = 0;
        List<string> reasons = [];
        await using PumpUnderTest pump = new(queue, (_, _) => Task.FromResult(++runs), poison: (_, reason) =>
        {
            reasons.Add(reason);
            return Task.CompletedTask;
        });
        await pump.DrainAsync();

        Assert.Equal(0, runs);
        Assert.Contains("started 3 times", Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_messages_are_in_work_than_allowed()
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        int now = 0;
        int most = 0;
        await using PumpUnderTest pump = new(
            queue,
            async (_, token) =>
            {
                int running = Interlocked.Increment(ref now);
                InterlockedMax(ref most, running);
                await Task.Delay(20, token);
                Interlocked.Decrement(ref now);
            },
            PumpUnderTest.Quick with { Concurrency = 3 });
        for (int i = 0; i < 20; i++)
        {
            await queue.SendWorkAsync($"b{i}");
        }

        await pump.DrainAsync();

        Assert.Equal(3, most);
        Assert.Equal(0, await queue.Queue.CountAsync(queue.Name, None));
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task Work_longer_than_its_lease_is_not_given_to_another_worker(string kind)
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(kind);
        int runs = 0;
        Func<WorkMessage, CancellationToken, Task> work = async (_, token) =>
        {
            Interlocked.Increment(ref runs);
            await Task.Delay(TimeSpan.FromSeconds(5), token);
        };
        await using PumpUnderTest first = new(queue, work);
        await using PumpUnderTest second = new(queue, work);
        await queue.SendWorkAsync("b1");

        await second.StartAsync();
        await first.StartAsync();
        await Until(async () => await queue.Queue.CountAsync(queue.Name, None) == 0);

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Work_whose_message_somebody_else_got_is_cancelled()
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        TaskCompletionSource<bool> cancelled = new();
        await using PumpUnderTest pump = new(queue, async (_, token) =>
        {
            // Somebody else with the same receipt: what a lease that ended looks like.
            string folder = Path.Combine(queue.Queue.DisplayName, queue.Name.Value);
            string file = Directory.GetFiles(folder).Single();
            File.Move(file, Path.ChangeExtension(file, "9999999999999"));
            await Task.Delay(Limit, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult(token.IsCancellationRequested);
            token.ThrowIfCancellationRequested();
        });
        await queue.SendWorkAsync("b1");
        await pump.StartAsync();

        Assert.True(await cancelled.Task.WaitAsync(Limit));
        await Until(() => Task.FromResult(pump.Log.CountOf(109) == 1));
        Assert.Equal(1, await queue.Queue.CountAsync(queue.Name, None));
    }

    [Fact]
    public async Task Work_goes_on_when_the_queue_itself_forgot_its_message()
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        TaskCompletionSource<bool> cancelled = new();
        await using PumpUnderTest pump = new(queue, async (_, token) =>
        {
            File.Delete(Directory.GetFiles(Path.Combine(queue.Queue.DisplayName, queue.Name.Value)).Single());
            await Task.Delay(TimeSpan.FromSeconds(2), token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult(token.IsCancellationRequested);
        });
        await queue.SendWorkAsync("b1");
        await pump.StartAsync();

        Assert.False(await cancelled.Task.WaitAsync(Limit));
        Assert.Equal(1, pump.Log.CountOf(110));
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task A_stopped_worker_hands_its_message_over_at_once_and_without_counting_it_as_failed(string kind)
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(kind);
        TaskCompletionSource started = new();
        await using PumpUnderTest pump = new(
            queue,
            async (_, token) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            },
            PumpUnderTest.Quick with { Lease = TimeSpan.FromMinutes(5) });
        await queue.SendWorkAsync("b1");
        await pump.StartAsync();
        await started.Task.WaitAsync(Limit);

        await pump.StopAsync();

        LeasedMessage message = Assert.Single(await queue.ReceiveAsync());
        Assert.Equal(1, message.DequeueCount);
        Assert.Contains("\"b1\"", QueueUnderTest.Text(message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_ends_within_the_grace_is_not_cancelled_by_a_stop()
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        TaskCompletionSource started = new();
        bool done = false;
        await using PumpUnderTest pump = new(
            queue,
            async (_, token) =>
            {
                started.TrySetResult();
                await Task.Delay(500, token);
                done = true;
            },
            PumpUnderTest.Quick with { ShutdownGrace = Limit });
        await queue.SendWorkAsync("b1");
        await pump.StartAsync();
        await started.Task.WaitAsync(Limit);

        await pump.StopAsync();

        Assert.True(done);
        Assert.Equal(0, await queue.Queue.CountAsync(queue.Name, None));
    }

    [Fact]
    public async Task Draining_also_does_what_the_work_itself_sends()
    {
        using QueueUnderTest queue = await QueueUnderTest.OpenAsync(QueueUnderTest.Folder);
        ConcurrentBag<string> done = [];
        await using PumpUnderTest pump = new(queue, async (message, _) =>
        {
            done.Add(message.Name);
            if (message.Name.Length < 4)
            {
                await Task.Delay(150, None);
                await queue.SendWorkAsync(message.Name + "x");
            }
        });
        await queue.SendWorkAsync("b");

        await pump.DrainAsync();

        Assert.Equal(["b", "bx", "bxx", "bxxx"], done.Order(StringComparer.Ordinal));
    }

    [PeerFact(Peer.Azurite)]
    public async Task Work_that_was_done_while_the_queue_server_died_is_no_failure()
    {
        using AzuriteServer server = await AzuriteServer.StartAsync();
        using QueueUnderTest queue = QueueUnderTest.On(server);
        int poisoned = 0;
        await using PumpUnderTest pump = new(
            queue,
            (_, _) =>
            {
                server.Kill();
                return Task.CompletedTask;
            },
            PumpUnderTest.Quick with { MaxDequeueCount = 1 },
            (_, _) => Task.FromResult(++poisoned));
        await queue.SendWorkAsync("b1");
        await pump.StartAsync();

        await Until(() => Task.FromResult(pump.Log.CountOf(112) == 1));

        Assert.Equal(1, pump.Log.CountOf(104));
        Assert.Equal(0, pump.Log.CountOf(105));
        Assert.Equal(0, poisoned);
    }

    [PeerFact(Peer.Azurite)]
    public async Task A_queue_server_that_dies_is_told_once_and_taken_up_again_when_it_is_back()
    {
        using AzuriteServer server = await AzuriteServer.StartAsync();
        using QueueUnderTest queue = QueueUnderTest.On(server);
        ConcurrentBag<string> done = [];
        await using PumpUnderTest pump = new(queue, (message, _) =>
        {
            done.Add(message.Name);
            return Task.CompletedTask;
        });
        await pump.StartAsync();
        await queue.SendWorkAsync("before");
        await Until(() => Task.FromResult(done.Contains("before")));

        server.Kill();
        await Task.Delay(2000);
        await server.RestartAsync();
        await queue.SendWorkAsync("after");
        await Until(() => Task.FromResult(done.Contains("after")));

        Assert.Equal(1, pump.Log.CountOf(101));
        Assert.Equal(1, pump.Log.CountOf(102));
        Assert.DoesNotContain(pump.Log.All, line => line.Contains(AzuriteServer.AccountKey, StringComparison.Ordinal));
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = new(Limit);
        while (!await condition())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is var now && now != seen)
        {
            seen = now;
        }
    }
}
