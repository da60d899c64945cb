using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>Sends requests: credentials, limits of time and number, attempts, and failures as exceptions.</summary>
internal sealed class KubeTransport : IDisposable
{
    /// <summary>More than any object or discovery document; lists are read piece by piece.</summary>
    private const int MaxBodyBytes = 64 * 1024 * 1024;

    private const int MaxErrorBodyBytes = 1024 * 1024;

    private readonly HttpClient _client;
    private readonly ITokenSource _tokens;
    private readonly KubeOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;
    private readonly string _base;

    public KubeTransport(KubeConnection connection, KubeOptions options, TimeProvider time)
    {
        _client = new HttpClient(KubeTls.CreateHandler(connection)) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxBodyBytes };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("backup-functions", null));
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _tokens = connection switch
        {
            { TokenFile: { } file } => new FileToken(file, time),
            { Token: { } token } => new FixedToken(token),
            { Exec: { } plugin } => new ExecToken(plugin, time),
            _ => new FixedToken(null),
        };
        _options = options;
        _time = time;
        _slots = new SemaphoreSlim(options.MaxConcurrency);
        _base = connection.Server.ToString().TrimEnd('/') + "/";
    }

    public void Dispose()
    {
        _client.Dispose();
        _slots.Dispose();
    }

    public RetryBudget NewBudget() => new(_options, _time);

    /// <summary>Sends the call, and again as far as that is safe and the time allows; returns the whole body.</summary>
    /// <exception cref="KubeApiException">The last attempt failed.</exception>
    public async Task<byte[]> SendAsync(KubeCall call, CancellationToken cancellationToken)
    {
        RetryBudget budget = NewBudget();
        while (true)
        {
            (byte[]? body, KubeFailure? failure) = await TrySendAsync(call, cancellationToken);
            if (body is not null)
            {
                return body;
            }

            if (!await budget.WaitAsync(failure!, call.IsRead, cancellationToken)) // without a body there is a failure
            {
                throw failure!.Exception;
            }
        }
    }

    /// <summary>One attempt, whatever the failure; returns the whole body.</summary>
    /// <exception cref="KubeApiException">The attempt failed.</exception>
    public async Task<byte[]> SendOnceAsync(KubeCall call, CancellationToken cancellationToken)
    {
        (byte[]? body, KubeFailure? failure) = await TrySendAsync(call, cancellationToken);
        return body ?? throw failure!.Exception; // without a body there is a failure
    }

    /// <summary>One attempt, up to the beginning of the answer. The caller disposes the response; exactly one of the two is set.</summary>
    public async Task<(HttpResponseMessage? Response, KubeFailure? Failure)> TryOpenAsync(KubeCall call, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            using CancellationTokenSource limit = new(_options.AttemptTimeout, _time);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                return await OpenWithTokenAsync(call, linked.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return (null, ConnectionFailure(call, e));
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return (null, TimedOut(call, e));
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Reads from an answer, failing when nothing comes for too long.</summary>
    /// <exception cref="IOException">The connection broke, or nothing came.</exception>
    public async Task<int> ReadAsync(Stream stream, Memory<byte> buffer, int minimum, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(_options.AttemptTimeout, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await stream.ReadAtLeastAsync(buffer, minimum, throwOnEndOfStream: false, linked.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"nothing came for {_options.AttemptTimeout.TotalSeconds:0} s", e);
        }
    }

    /// <summary>The failure of a call whose connection broke.</summary>
    public KubeFailure ConnectionFailure(KubeCall call, Exception exception)
    {
        if (exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            string problem = exception.InnerException is AuthenticationException trust ? trust.Message : exception.Message;
            return new KubeFailure(
                new KubeApiException(
                    ErrorKind.AccessDenied, 0, "Tls", $"{call.Description}: no secure connection to {_base}: {problem}",
                    "Check the certificate authority, the address and the client certificate in the kubeconfig.", exception),
                KubeRetry.Never);
        }

        bool unreachable = exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError
        };
        return new KubeFailure(
            new KubeApiException(
                ErrorKind.Unavailable, 0, unreachable ? "Unreachable" : "ConnectionLost", $"{call.Description}: {_base} {(unreachable ? "cannot be reached" : "broke the connection")}: {exception.Message}",
                "Check the address and that the API server runs.", exception),
            unreachable ? KubeRetry.Unreachable : KubeRetry.Reads);
    }

    private async Task<(byte[]? Body, KubeFailure? Failure)> TrySendAsync(KubeCall call, CancellationToken cancellationToken)
    {
        (HttpResponseMessage? response, KubeFailure? failure) = await TryOpenAsync(call, cancellationToken);
        if (response is null)
        {
            return (null, failure);
        }

        using (response)
        {
            using CancellationTokenSource limit = new(_options.AttemptTimeout, _time);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                return (await response.Content.ReadAsByteArrayAsync(linked.Token), null);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return (null, ConnectionFailure(call, e));
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return (null, TimedOut(call, e));
            }
        }
    }

    /// <summary>A refused token is fetched anew once: the cluster renews the files of service accounts.</summary>
    private async Task<(HttpResponseMessage? Response, KubeFailure? Failure)> OpenWithTokenAsync(KubeCall call, CancellationToken cancellationToken)
    {
        string? token = await _tokens.GetAsync(refresh: false, cancellationToken);
        HttpResponseMessage response = await SendWithAsync(call, token, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && token is not null
            && await _tokens.GetAsync(refresh: true, cancellationToken) is { } renewed && renewed != token)
        {
            response.Dispose();
            token = renewed;
            response = await SendWithAsync(call, token, cancellationToken);
        }

        if (response.IsSuccessStatusCode)
        {
            return (response, null);
        }

        using (response)
        {
            return (null, KubeStatus.ToFailure(response, await ReadErrorAsync(response, cancellationToken), call.Description, token));
        }
    }

    private async Task<HttpResponseMessage> SendWithAsync(KubeCall call, string? token, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(call.Method, _base + call.Path);
        if (token is not null)
        {
            if (token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new KubeApiException(ErrorKind.AccessDenied, 0, "Token", "The bearer token is empty or holds characters that no token has.", "Check the token or its file.");
            }

            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (call.Body is not null)
        {
            request.Content = new StringContent(call.Body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(call.ContentType));
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static async Task<byte[]> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[Math.Min(response.Content.Headers.ContentLength ?? MaxErrorBodyBytes, MaxErrorBodyBytes)];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }

    private KubeFailure TimedOut(KubeCall call, Exception inner) => new(
        new KubeApiException(
            ErrorKind.Unavailable, 0, "Timeout", $"{call.Description}: {_base} did not answer within {_options.AttemptTimeout.TotalSeconds:0} s",
            "Try again later; look at the API server's health.", inner),
        KubeRetry.Reads);
}
