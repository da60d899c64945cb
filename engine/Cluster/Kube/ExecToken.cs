using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>A token that a program prints as an ExecCredential; kept until shortly before it expires.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle is never asked for holds nothing to dispose
internal sealed class ExecToken(ExecPlugin plugin, TimeProvider time) : ITokenSource
#pragma warning restore CA1001
{
    private const int MaxOutputChars = 1024 * 1024;
    private static readonly TimeSpan MaxRun = TimeSpan.FromSeconds(60);

    /// <summary>So that a token does not expire on its way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1); // one run at a time; guards _token and _expires
    private string? _token;
    private DateTimeOffset? _expires;

    public async Task<string?> GetAsync(bool refresh, CancellationToken cancellationToken)
    {
        string? refused = refresh ? Volatile.Read(ref _token) : null;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Another caller may have renewed it while this one waited.
            bool usable = _token is not null && (!refresh || _token != refused) && (_expires is null || time.GetUtcNow() < _expires - Margin);
            if (!usable)
            {
                (_token, _expires) = Parse(await RunAsync(cancellationToken));
            }

            return _token;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(plugin.Command, plugin.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["KUBERNETES_EXEC_INFO"] =
            new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = new JsonObject { ["interactive"] = false } }.ToJsonString();
        foreach ((string name, string value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        using CancellationTokenSource limit = new(MaxRun, time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using Process process = Start(start);
        try
        {
            process.StandardInput.Close();
            Task<string> errors = ReadAsync(process.StandardError, linked.Token);
            string output = await ReadAsync(process.StandardOutput, linked.Token);
            await errors; // read so that the program never blocks; it may hold secrets, so it is not shown
            await process.WaitForExitAsync(linked.Token);
            return process.ExitCode == 0 ? output : throw Failed($"ended with exit status {process.ExitCode}", null);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failed($"did not end within {MaxRun.TotalSeconds:0} s", e);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw Failed("could not be started", null);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed($"could not be started ({e.Message})", e);
        }
    }

    private async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        char[] buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer.AsMemory(), cancellationToken)) > 0)
        {
            if (text.Append(buffer, 0, read).Length > MaxOutputChars)
            {
                throw Failed("printed too much", null);
            }
        }

        return text.ToString();
    }

    private (string Token, DateTimeOffset? Expires) Parse(string output)
    {
        JsonObject? credential;
        try
        {
            credential = JsonNode.Parse(output) as JsonObject;
        }
        catch (JsonException e)
        {
            throw Failed($"printed no JSON (line {e.LineNumber})", null);
        }

        JsonObject? status = credential?["status"] as JsonObject;
        if (status?["token"] is not JsonValue value || !value.TryGetValue(out string? token) || token.Length == 0)
        {
            throw Failed(status?["clientCertificateData"] is null ? "printed no token" : "printed a client certificate instead of a token, which is not supported", null);
        }

        string? expires = status["expirationTimestamp"]?.ToString();
        return (token, UnixNanos.TryParse(expires, out UnixNanos moment) ? moment.ToDateTimeOffset() : null);
    }

    private KubeApiException Failed(string problem, Exception? inner) =>
        new(ErrorKind.AccessDenied, 0, "ExecPlugin", $"The kubeconfig's exec plugin {plugin.Command} {problem}.", "Run it by hand and look at what it says.", inner);
}
