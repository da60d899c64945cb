using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tests.Functions.Hosting.Queues;

/// <summary>One queue function with its pump, as a process would run it.</summary>
internal sealed class PumpUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<QueuePump> pumps;
    private readonly QueueHost host;

    public PumpUnderTest(QueueUnderTest queue, Func<WorkMessage, CancellationToken, Task> run, PumpOptions? options = null, Func<WorkMessage, string, Task>? poison = null)
    {
        options ??= Quick;
        QueueFunction function = new("Test", queue.Name, run, (message, reason, _) => poison?.Invoke(message, reason) ?? Task.CompletedTask);
        MessageHandler handler = new(queue.Queue, options, TimeProvider.System, Log);
        Wakeups = new QueueWakeups();
        pumps = [new QueuePump(function, handler, queue.Queue, options, Wakeups, new QueueHealth("test", Log), TimeProvider.System)];
        host = new QueueHost(pumps, handler, queue.Queue, options, TimeProvider.System, new Logger<QueueHost>(LoggerFactory.Create(logging => logging.AddProvider(Log))));
    }

    public static PumpOptions Quick => new()
    {
        Lease = TimeSpan.FromSeconds(3),
        RetryDelay = TimeSpan.Zero,
        MaxDequeueCount = 3,
        MinPollingInterval = TimeSpan.FromMilliseconds(10),
        MaxPollingInterval = TimeSpan.FromMilliseconds(100),
        ShutdownGrace = TimeSpan.Zero,
    };

    public LogLines Log { get; } = new();

    public QueueWakeups Wakeups { get; }

    public Task StartAsync() => host.StartAsync(CancellationToken.None);

    public Task StopAsync() => host.StopAsync(CancellationToken.None);

    public Task DrainAsync() => host.DrainAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await StopAsync();
        host.Dispose();
        pumps.ForEach(pump => pump.Dispose());
        stop.Dispose();
    }
}
