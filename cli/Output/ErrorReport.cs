using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Output;

/// <summary>A failure as the user sees it: what happened and what to do, on two lines.</summary>
internal static class ErrorReport
{
    public static void Write(TextWriter error, BackupException failure)
    {
        error.WriteLine($"error: {Printable(failure.Message)}");
        if (failure.Remedy.Length > 0)
        {
            error.WriteLine($"       {Printable(failure.Remedy)}");
        }
    }

    /// <summary>For a failure after which it is tried again.</summary>
    public static void WriteWaiting(TextWriter error, BackupException failure) =>
        error.WriteLine($"waiting: {Printable(failure.Message)}\n         It is tried again for some time.");

    /// <summary>For a fault of this program or of the system under it.</summary>
    public static void WriteUnexpected(TextWriter error, Exception failure) =>
        error.WriteLine($"error: {Printable(failure.Message)} ({failure.GetType().Name})");

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c)).Replace("\n", "\n       ", StringComparison.Ordinal);
}
