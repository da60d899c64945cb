using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.App.Hosting;
using BackupFunctions.Tests.Functions.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tests.Functions.Http;

/// <summary>The whole app in this process on its embedded defaults, and a client with an admin key.</summary>
internal sealed class SampleApp : IAsyncDisposable
{
    private const string AdminKey = "admin-key-of-the-tests";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly FunctionApp app;
    private readonly DirectoryInfo folder;
    private readonly HttpClient http;

    private SampleApp(FunctionApp app, DirectoryInfo folder, LogLines log)
    {
        this.app = app;
        this.folder = folder;
        Log = log;
        http = new HttpClient { BaseAddress = app.Url };
        http.DefaultRequestHeaders.Add("x-functions-key", AdminKey);
    }

    public LogLines Log { get; }

    public Uri Url => app.Url!; // started, so it serves

    public string StoreFolder => Path.Combine(folder.FullName, ".data", "store");

    public string ClusterFolder => Path.Combine(folder.FullName, ".data", "cluster");

    public static async Task<SampleApp> StartAsync(params (string Key, string Value)[] settings)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bf-api-");
        LogLines log = new();
        FunctionApp app = FunctionApp.Create([], new FunctionAppOptions
        {
            WorkingFolder = folder.FullName,
            Configuration = builder => builder.AddInMemoryCollection(
            [
                KeyValuePair.Create("BACKUP_CLUSTER", (string?)"sample"),
                KeyValuePair.Create("BACKUP_URLS", (string?)"http://127.0.0.1:0"),
                KeyValuePair.Create("BACKUP_API_KEYS", (string?)$"tests:admin={AdminKey}"),
                .. settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)),
            ]),
            Logging = logging => logging.ClearProviders().AddProvider(log),
        });
        await app.StartAsync(CancellationToken.None);
        return new SampleApp(app, folder, log);
    }

    public async Task<(HttpStatusCode Status, string Text)> SendAsync(string method, string path, string? body = null, string contentType = "application/json")
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri("api/" + path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, contentType);
        using HttpResponseMessage answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        (HttpStatusCode status, string text) = await SendAsync("GET", path);
        return status == HttpStatusCode.OK ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {(int)status} {text}");
    }

    /// <summary>Waits until the object has a phase that is an end.</summary>
    public async Task<JsonNode> WaitForEndAsync(string path)
    {
        using CancellationTokenSource limit = new(Limit);
        while (true)
        {
            JsonNode found = await GetAsync(path);
            if (found["status"]!["phase"]!.GetValue<string>() is not ("InProgress" or "New"))
            {
                return found;
            }

            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>Waits until the object is gone.</summary>
    public async Task WaitUntilGoneAsync(string path)
    {
        using CancellationTokenSource limit = new(Limit);
        while ((await SendAsync("GET", path)).Status != HttpStatusCode.NotFound)
        {
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>Names of all blobs in the store.</summary>
    public IReadOnlyList<string> Blobs() => Directory.Exists(StoreFolder)
        ? [.. Directory.EnumerateFiles(StoreFolder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(StoreFolder, file)).Order(StringComparer.Ordinal)]
        : [];

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
