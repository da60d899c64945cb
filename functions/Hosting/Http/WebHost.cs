using BackupFunctions.App.Hosting.Settings;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Kestrel with nothing but the HTTP functions.</summary>
internal static class WebHost
{
    public static WebApplication Create(AppSettings settings, IReadOnlyList<HttpFunction> functions, ILoggerFactory loggers)
    {
        // Empty on purpose: images set ASPNETCORE_URLS and the like, which must not decide where this listens.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
        });
        WebApplication app = builder.Build();
        foreach (string url in settings.Urls)
        {
            app.Urls.Add(url);
        }

        new HttpFunctions(functions, ApiKeyFile.Load(settings, loggers.CreateLogger<HttpFunctions>()), loggers.CreateLogger<HttpFunctions>()).Map(app);
        return app;
    }

    /// <summary>Started and stopped by <see cref="FunctionApp"/> alone, which leaves the process's signals to its owner.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
