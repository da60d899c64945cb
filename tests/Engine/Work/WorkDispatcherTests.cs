using System.Collections.Concurrent;
using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace BackupFunctions.Tests.Engine.Work;

public sealed class WorkDispatcherTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bf-work-");
    private readonly SentMessages queue = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_item_that_failed_at_one_worker_is_done_by_the_next_one_at_once()
    {
        Executor executor = new();
        await Dispatcher(executor).SubmitAsync(OneItem(), None);
        WorkMessage message = queue.Take();

        executor.Failures = 1;
        await Assert.ThrowsAsync<BackupException>(() => Dispatcher(executor).HandleAsync(message, None));
        await Dispatcher(executor).HandleAsync(message, None);

        Assert.Equal(2, executor.Runs);
        Assert.Null(queue.Take().Item);
    }

    [Fact]
    public async Task An_item_whose_worker_was_stopped_is_done_by_the_next_one_at_once()
    {
        Executor executor = new() { Hangs = true };
        await Dispatcher(executor).SubmitAsync(OneItem(), None);
        WorkMessage message = queue.Take();
        using CancellationTokenSource stop = new();

        Task running = Dispatcher(executor).HandleAsync(message, stop.Token);
        await executor.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        executor.Hangs = false;
        await Dispatcher(executor).HandleAsync(message, None);

        Assert.Equal(2, executor.Runs);
    }

    [Fact]
    public async Task An_item_that_another_worker_is_at_is_not_begun_twice()
    {
        Executor executor = new() { Hangs = true };
        await Dispatcher(executor).SubmitAsync(OneItem(), None);
        WorkMessage message = queue.Take();
        using CancellationTokenSource stop = new();
        Task running = Dispatcher(executor).HandleAsync(message, stop.Token);
        await executor.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await Dispatcher(executor).HandleAsync(message, None);

        Assert.Equal(1, executor.Runs);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task An_item_that_kills_worker_after_worker_is_given_up()
    {
        WorkOptions options = new() { ProgressInterval = TimeSpan.FromMilliseconds(100), StallAfter = TimeSpan.FromMilliseconds(300), MaxWorkerDeaths = 2 };
        using WorkDispatcher dispatcher = Dispatcher(new Executor(), options);
        Plan plan = OneItem();
        await dispatcher.SubmitAsync(plan, None);
        queue.Take();
        RunStore runs = new(Store());

        await DieAsync(runs, plan, options);
        await dispatcher.SweepAsync(None);
        Assert.Equal("only", queue.Take().Item);
        await DieAsync(runs, plan, options);
        await dispatcher.SweepAsync(None);

        ItemResult result = (await runs.TryReadResultAsync(plan.Id, "only", None))!;
        Assert.False(result.Succeeded);
        Assert.Contains("2 workers", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    private static async Task DieAsync(RunStore runs, Plan plan, WorkOptions options)
    {
        await runs.WriteProgressAsync(plan.Id, "only", new ItemProgress("somebody", 0, 0, 0, 0), None);
        await Task.Delay(options.StallAfter * 2);
    }

    private static Plan OneItem() => new()
    {
        Run = RunKind.Backup,
        Name = "b1",
        StartedAt = DateTimeOffset.UnixEpoch,
        Request = JsonDocument.Parse("{}").RootElement,
        Items = [new PlanItem { Id = "only", Kind = "test", Stage = 0, Queue = QueueName.BackupNamespaces.Value }],
    };

    private IBlobStore Store() => BlobStoreFactory.Open(BlobStoreUrl.Parse($"file://{folder.FullName}"), null, new BlobStoreOptions(), TimeProvider.System);

    private WorkDispatcher Dispatcher(Executor executor, WorkOptions? options = null) => new(
        Store(),
        queue,
        [executor],
        WorkerId.Create(),
        options ?? new WorkOptions(),
        TimeProvider.System,
        NullLogger.Instance);

    private sealed class SentMessages : IWorkQueue
    {
        private readonly ConcurrentQueue<WorkMessage> sent = [];

        public Task SendAsync(QueueName name, WorkMessage message, CancellationToken cancellationToken)
        {
            sent.Enqueue(message);
            return Task.CompletedTask;
        }

        public WorkMessage Take() => sent.TryDequeue(out WorkMessage? message) ? message : throw new InvalidOperationException("Nothing was sent.");
    }

    private sealed class Executor : IRunExecutor
    {
        public RunKind Kind => RunKind.Backup;

        public int Failures { get; set; }

        public bool Hangs { get; set; }

        public int Runs { get; private set; }

        public TaskCompletionSource Started { get; } = new();

        public async Task<ItemOutcome> ExecuteAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken)
        {
            Runs++;
            Started.TrySetResult();
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return Failures-- > 0 ? throw new BackupException(ErrorKind.Unavailable, "Not now.", "Later.") : new ItemOutcome(1, null);
        }

        public Task DiscardAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task FinishAsync(Plan plan, RunResults results, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<bool> IsPublishedAsync(string name, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
