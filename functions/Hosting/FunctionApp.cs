using BackupFunctions.App.Hosting.Http;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.App.Hosting.Settings;
using BackupFunctions.App.Hosting.Timers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BackupFunctions.App.Hosting;

/// <summary>
/// The function app in one process: timers, queue pumps and HTTP of the functions that are allowed here. Created, then either run
/// until a stop (<see cref="RunAsync"/>) or started and stopped by its owner.
/// </summary>
public sealed class FunctionApp : IAsyncDisposable
{
    private static readonly TimeSpan HttpStopLimit = TimeSpan.FromSeconds(5);

    private readonly AppSettings settings;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly IReadOnlyList<QueuePump> pumps;
    private readonly QueueHost queues;
    private readonly TimerHost timers;
    private readonly WebApplication? web;

    private FunctionApp(AppSettings settings, ILoggerFactory loggers, IReadOnlyList<QueuePump> pumps, QueueHost queues, TimerHost timers, WebApplication? web)
    {
        this.settings = settings;
        this.loggers = loggers;
        this.pumps = pumps;
        this.queues = queues;
        this.timers = timers;
        this.web = web;
        logger = loggers.CreateLogger<FunctionApp>();
    }

    /// <summary>Where it serves HTTP, after the start; null when no HTTP function runs here.</summary>
    public Uri? Url => web?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(address => new Uri(address)).FirstOrDefault();

    /// <summary>The file that holds the API keys when they do not come from settings.</summary>
    public string ApiKeysFile => settings.ApiKeysFile;

    /// <exception cref="Engine.Errors.BackupException">InvalidInput: settings that cannot be used, all problems at once.</exception>
    public static FunctionApp Create(IReadOnlyList<string> args, FunctionAppOptions? options = null)
    {
        options ??= new FunctionAppOptions();
        IConfiguration configuration = SettingsFiles.Load(options.WorkingFolder, CommandLine.Parse(args), options.Configuration);
        AppSettings settings = SettingsReader.Read(configuration, options.WorkingFolder);
        ILoggerFactory loggers = LoggerFactory.Create(logging => Logs.Configure(logging, configuration, options.Logging));
        try
        {
            return Create(settings, loggers, options);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>Runs until stopped, or with <c>--drain</c> until the queues are empty.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (settings.Drain)
        {
            TellSettings();
            await queues.DrainAsync(stop);
            return;
        }

        await StartAsync(stop);
        Task ended = Task.WhenAll(queues.ExecuteTask ?? Task.CompletedTask, timers.ExecuteTask ?? Task.CompletedTask);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        if (await Task.WhenAny(ended, stopped.Task) == ended && ended.IsFaulted)
        {
            await ended; // a fault of this program: end loudly, and let whoever started us start us again
        }

        await stopped.Task;
        await StopAsync();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        TellSettings();
        if (web is not null)
        {
            await web.StartAsync(cancellationToken);
            Log.Serving(logger, string.Join(", ", web.Urls));
        }

        await queues.StartAsync(cancellationToken);
        await timers.StartAsync(cancellationToken);
    }

    /// <summary>Stops gracefully: see <see cref="QueueHost"/>.</summary>
    public async Task StopAsync()
    {
        using CancellationTokenSource http = new(HttpStopLimit);
        await Task.WhenAll(
            timers.StopAsync(CancellationToken.None),
            queues.StopAsync(CancellationToken.None),
            web?.StopAsync(http.Token) ?? Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        timers.Dispose();
        queues.Dispose();
        foreach (QueuePump pump in pumps)
        {
            pump.Dispose();
        }

        if (web is not null)
        {
            await web.DisposeAsync();
        }

        loggers.Dispose();
    }

    private static FunctionApp Create(AppSettings settings, ILoggerFactory loggers, FunctionAppOptions options)
    {
        TimeProvider time = options.Time;
        IMessageQueue messages = Composition.OpenQueues(settings, time);
        QueueWakeups wakeups = new();
        AppParts parts = new(settings, messages, new WakingQueue(messages, wakeups), loggers, time);
        FunctionTable table = FunctionTable.Read(options.Functions(parts)).Only(settings.Functions);

        ILogger<QueueHost> queueLogger = loggers.CreateLogger<QueueHost>();
        PumpOptions pumpOptions = settings.Pumps.MaxPollingInterval <= messages.MaxPollingInterval
            ? settings.Pumps
            : settings.Pumps with { MaxPollingInterval = messages.MaxPollingInterval };
        MessageHandler handler = new(messages, pumpOptions, time, queueLogger);
        QueueHealth health = new(messages.DisplayName, queueLogger);
        IReadOnlyList<QueuePump> pumps =
            [.. table.Queues.Select(function => new QueuePump(function, handler, messages, pumpOptions, wakeups, health, time))];
        QueueHost queues = new(pumps, handler, messages, pumpOptions, time, queueLogger);
        TimerHost timers = new(table.Timers, time, loggers.CreateLogger<TimerHost>());
        WebApplication? web = settings.Drain || table.Http.Count == 0 ? null : WebHost.Create(settings, table.Http, loggers);
        return new FunctionApp(settings, loggers, pumps, queues, timers, web);
    }

    private void TellSettings()
    {
        foreach ((string name, string value) in settings.ForPeople())
        {
            Log.SettingInUse(logger, name, value);
        }

        if (settings.RepositoryPasswordIsDefault)
        {
            Log.DefaultPassword(logger);
        }
    }
}
