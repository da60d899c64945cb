using System.Net.Http.Headers;
using BackupFunctions.Tests.Peers.Processes;

namespace BackupFunctions.Tests.EndToEnd;

/// <summary>The function app as a process of its own, as a user would start it.</summary>
internal sealed class AppProcess : IDisposable
{
    public const string ApiKey = "key-of-the-end-to-end-test-0123456789";

    private AppProcess(ServerProcess process, string logPath, Uri url)
    {
        Process = process;
        LogPath = logPath;
        Url = url;
        Http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Add("x-functions-key", ApiKey);
        Http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public ServerProcess Process { get; }

    public string LogPath { get; }

    public Uri Url { get; }

    public HttpClient Http { get; }

    /// <summary>What the process has printed so far.</summary>
    public string Log
    {
        get
        {
            using FileStream file = new(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(file);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Starts the app with only the named functions (empty: all) and waits until it answers.</summary>
    public static async Task<AppProcess> StartAsync(string name, string folder, IReadOnlyDictionary<string, string> settings, params string[] functions)
    {
        Directory.CreateDirectory(folder);
        int port = LoopbackPorts.Pick();
        Uri url = new($"http://127.0.0.1:{port}");
        Dictionary<string, string> environment = new(settings)
        {
            ["BACKUP_DATA"] = Path.Combine(folder, "data"),
            ["BACKUP_API_KEYS"] = $"test:admin={ApiKey}",
            ["HOME"] = folder,
        };
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "backup-functions.dll"), "--urls", url.ToString()];
        if (functions.Length > 0)
        {
            arguments.AddRange(["--functions", string.Join(',', functions)]);
        }

        string log = Path.Combine(folder, name + ".log");
        ServerProcess process = await ServerProcess.StartAsync(new ServerCommand(name, "dotnet", arguments, log) { Environment = environment });
        AppProcess app = new(process, log, url);
        await app.WaitUntilUpAsync();
        return app;
    }

    public async Task WaitUntilUpAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await Http.GetAsync(new Uri("/healthz", UriKind.Relative), limit.Token);
                return;
            }
            catch (HttpRequestException) when (!Process.HasExited)
            {
                await Task.Delay(200, limit.Token);
            }
            catch (HttpRequestException e)
            {
                throw new InvalidOperationException($"{Process.Name} ended:\n{Process.LastLines()}", e);
            }
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        Process.Dispose();
    }
}
