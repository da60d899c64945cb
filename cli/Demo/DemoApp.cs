using BackupFunctions.App.Hosting;
using BackupFunctions.Cli.Client.Http;
using BackupFunctions.Engine.Errors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Demo;

/// <summary>
/// The function app twice in this process, on one queue in a folder: one instance serves HTTP, runs the timers and works, the other
/// only works. So work is shared out as between two pods.
/// </summary>
internal sealed class DemoApp : IAsyncDisposable
{
    private const string WorkerFunctions = "BackupNamespace,BackupVolume,FinishBackup,RestoreStep,RestoreVolume";

    private readonly FunctionApp front;
    private readonly FunctionApp worker;
    private readonly DemoLog log;

    private DemoApp(FunctionApp front, FunctionApp worker, DemoLog log, Uri url)
    {
        this.front = front;
        this.worker = worker;
        this.log = log;
        Url = url;
    }

    public Uri Url { get; }

    public string KeyFile => front.ApiKeysFile;

    public static async Task<DemoApp> StartAsync(DemoFolder folder, CancellationToken cancellationToken)
    {
        DemoLog log = new(folder.Log);
        FunctionApp front = FunctionApp.Create([], Options(folder, log));
        FunctionApp worker = FunctionApp.Create(["--functions", WorkerFunctions], Options(folder, log));
        try
        {
            await front.StartAsync(cancellationToken);
            await worker.StartAsync(cancellationToken);
            return new DemoApp(front, worker, log, front.Url ?? throw new BackupException(ErrorKind.Internal, "The function app serves no HTTP.", ""));
        }
        catch
        {
            await worker.DisposeAsync();
            await front.DisposeAsync();
            log.Dispose();
            throw;
        }
    }

    public HttpBackupClient Connect(CliContext context) => new(new HttpApi(context.HttpHandler(), Url, Client.ApiKeyFile.Read(KeyFile)));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(front.StopAsync(), worker.StopAsync());
        await worker.DisposeAsync();
        await front.DisposeAsync();
        log.Dispose();
    }

    private static FunctionAppOptions Options(DemoFolder folder, DemoLog log) => new()
    {
        WorkingFolder = folder.Root,
        Configuration = configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["BACKUP_DATA"] = folder.Data,
            ["BACKUP_STORE"] = "file://" + Uri.EscapeDataString(folder.Store).Replace("%2F", "/", StringComparison.Ordinal),
            ["BACKUP_QUEUE"] = "file://" + Uri.EscapeDataString(Path.Combine(folder.Root, "queue")).Replace("%2F", "/", StringComparison.Ordinal),
            ["BACKUP_CLUSTER"] = "folder://" + Uri.EscapeDataString(folder.Cluster).Replace("%2F", "/", StringComparison.Ordinal),
            ["BACKUP_URLS"] = "http://127.0.0.1:0",
            ["BACKUP_PROGRESS_INTERVAL"] = "200ms", // somebody looks at it
            ["BACKUP_SCHEDULES"] = null,
            ["BACKUP_API_KEYS"] = null,
            ["BACKUP_API_KEYS_FILE"] = null,
        }),
        Logging = logging =>
        {
            logging.ClearProviders();
            logging.AddProvider(log);
        },
    };
}
