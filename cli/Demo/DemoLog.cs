using System.Globalization;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Demo;

/// <summary>The app's log into a file, because the terminal is for the demo.</summary>
internal sealed class DemoLog(string path) : ILoggerProvider
{
    private readonly Lock gate = new(); // guards file: both instances of the app write to it
    private readonly StreamWriter file = new(path) { AutoFlush = true };

    public ILogger CreateLogger(string categoryName) => new FileLogger(this, categoryName);

    public void Dispose() => file.Dispose();

    private void Write(string line)
    {
        lock (gate)
        {
            file.WriteLine(line);
        }
    }

    private sealed class FileLogger(DemoLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                string time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                log.Write($"{time} {logLevel}: {category}[{eventId.Id}] {formatter(state, exception)}{(exception is null ? "" : Environment.NewLine + exception)}");
            }
        }
    }
}
