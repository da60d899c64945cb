using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tests.Functions.Hosting;

/// <summary>Keeps every line that is logged, exceptions included.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text)> lines = [];

    public IEnumerable<string> All => lines.Select(line => line.Text);

    public int CountOf(int eventId) => lines.Count(line => line.Id == eventId);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue((eventId.Id, $"{formatter(state, exception)} {exception}"));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }
}
