using System.Globalization;

namespace BackupFunctions.Cli.Progress;

/// <summary>
/// One line that tells how far something is, written over and over on a terminal; nothing where nobody watches. Disposing it
/// removes the line. Used by one task at a time.
/// </summary>
internal sealed class StatusLine(CliContext context) : IDisposable
{
    // ANSI: to the line's start, and clear it.
    private const string Restart = "\r\u001b[K";

    // A longer line would wrap, and only its last part would be cleared.
    private const int MaxColumns = 79;

    private readonly Lock access = new();
    private readonly long start = context.Time.GetTimestamp();
    private bool isShown; // guarded by access

    /// <summary>Shows reports by the text that is made of each.</summary>
    public IProgress<T>? For<T>(Func<T, string> text) => context.IsErrorTerminal ? new Reporter<T>(this, text) : null;

    public void Dispose()
    {
        lock (access)
        {
            if (isShown)
            {
                context.Error.Write(Restart);
                isShown = false;
            }
        }
    }

    private void Show(string text)
    {
        lock (access)
        {
            string elapsed = context.Time.GetElapsedTime(start).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture);
            string line = $"{elapsed}  {text}";
            context.Error.Write(Restart + line[..Math.Min(line.Length, MaxColumns)]);
            isShown = true;
        }
    }

    private sealed class Reporter<T>(StatusLine line, Func<T, string> text) : IProgress<T>
    {
        public void Report(T value) => line.Show(text(value));
    }
}
