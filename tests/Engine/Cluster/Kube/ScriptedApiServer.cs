using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tests.Engine.Cluster.Kube;

/// <summary>An HTTP server that answers each request with the next prepared step: for what a real API server does not do on demand.</summary>
internal sealed class ScriptedApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _steps = new();

    private ScriptedApiServer(WebApplication app) => _app = app;

    /// <summary>Method, path and query of all requests so far.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Url => new(_app.Urls.First());

    public static async Task<ScriptedApiServer> StartAsync(params Func<HttpContext, Task>[] steps)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ScriptedApiServer server = new(builder.Build());
        foreach (Func<HttpContext, Task> step in steps)
        {
            server._steps.Enqueue(step);
        }

        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public static Func<HttpContext, Task> Answer(int status, string json, string? retryAfter = null) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await context.Response.WriteAsync(json);
    };

    /// <summary>Sends the beginning of an answer and cuts the connection.</summary>
    public static Func<HttpContext, Task> Cut(string beginning) => async context =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(beginning);
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>Never answers.</summary>
    public static Func<HttpContext, Task> Hang() => context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget}");
        Func<HttpContext, Task> step = _steps.TryDequeue(out Func<HttpContext, Task>? next) ? next : Answer(500, """{"kind":"Status","message":"the script is over"}""");
        await step(context);
    }
}
