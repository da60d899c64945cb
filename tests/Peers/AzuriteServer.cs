using BackupFunctions.Tests.Peers.Processes;

namespace BackupFunctions.Tests.Peers;

/// <summary>
/// Azure Storage queues by a real Azurite. It saves what it holds every five seconds, so that a kill loses the messages
/// it took since.
/// </summary>
internal sealed class AzuriteServer : IDisposable
{
    /// <summary>The account and the key of every emulator, printed in its documentation.</summary>
    public const string AccountName = "devstoreaccount1";
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly PeerFolder _folder = new("azurite");
    private readonly int _port = LoopbackPorts.Pick();
    private ServerProcess? _process;

    private AzuriteServer()
    {
    }

    public Uri QueueEndpoint => new($"http://127.0.0.1:{_port}/{AccountName}");

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};QueueEndpoint={QueueEndpoint}";

    public static async Task<AzuriteServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new AzuriteServer();
        try
        {
            await server.RestartAsync(cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Ends it as a power cut would: SIGKILL, nothing saved.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Starts it on the same port and with what the same folder holds; one that still runs is killed first.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        Kill();
        string[] arguments =
        [
            "--queueHost", "127.0.0.1", "--queuePort", $"{_port}", "--location", _folder.FullName,
            "--silent", "--skipApiVersionCheck", "--disableTelemetry",
        ];
        var command = new ServerCommand("azurite", Programs.Require("azurite-queue"), arguments, _folder.PathOf("azurite.log"));
        _process = await ServerProcess.StartAsync(command, cancellationToken);
        await Readiness.WaitAsync("azurite", Readiness.PortAnswers(_port), TimeSpan.FromSeconds(60), [_process], cancellationToken);
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }
}
