using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Client.Http;

/// <summary>Requests to a function app: adds the key, reads JSON, and turns every failure into a <see cref="BackupException"/>.</summary>
internal sealed class HttpApi : IDisposable
{
    private const string KeyHeader = "x-functions-key";
    private const long MaxAnswerBytes = 256 * 1024 * 1024;

    private readonly HttpClient http;

    public HttpApi(HttpMessageHandler handler, Uri server, string? key)
    {
        Server = server;
        http = new HttpClient(handler) { BaseAddress = new Uri(server, "/api/"), Timeout = TimeSpan.FromMinutes(2), MaxResponseContentBufferSize = MaxAnswerBytes };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(KeyHeader, key);
        }
    }

    public Uri Server { get; }

    /// <param name="path">Below <c>/api/</c>; names in it are escaped.</param>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(answer, type, cancellationToken);
    }

    public async Task<T> PostAsync<T>(string path, byte[] json, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, path, json, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(answer, type, cancellationToken);
    }

    /// <summary>For requests whose answer says no more than that it was done.</summary>
    public async Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await SendAsync(method, path, null, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    public async Task<string> GetTextAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>The body as it comes; the caller disposes it.</summary>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await answer.Content.ReadAsStreamAsync(cancellationToken);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? json, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path);
        if (json is { Length: > 0 })
        {
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(request, completion, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {http.Timeout.TotalSeconds:0} seconds", e);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await ProblemReader.ReadAsync(answer, Server, cancellationToken);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BackupException(
                ErrorKind.Unsupported,
                $"{Server} answered with something that is not what was asked for.",
                "Check that the address is that of the function app, and that its version is that of backupctl ('backupctl version').",
                e);
        }
    }

    private BackupException Unreachable(string reason, Exception inner) => new(
        ErrorKind.Unavailable,
        $"The function app at {Server} cannot be reached: {reason}.",
        "Start it ('dotnet run --project functions'), give its address with --server, or work without it: --direct.",
        inner);
}
