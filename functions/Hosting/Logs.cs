using Microsoft.Extensions.Logging.Console;

namespace BackupFunctions.App.Hosting;

/// <summary>Where the log goes: one line per event to the standard output, which every container platform collects.</summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging, IConfiguration configuration, Action<ILoggingBuilder>? more)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        more?.Invoke(logging);

        // Its lines hold whole URLs, and a URL may hold an API key: not to be switched on by any setting.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }
}
