using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Progress;

/// <summary>Tells once that the store does not answer and is asked again, when that begins to take time: silence would look like a fault of this program.</summary>
internal sealed class StoreWait(TextWriter error) : IProgress<BackupException>
{
    // The first two are over within a second, and servers that work fine make such now and then.
    private const int FailuresBefore = 2;

    private int failures;

    public void Report(BackupException value)
    {
        if (Interlocked.Increment(ref failures) == FailuresBefore + 1)
        {
            ErrorReport.WriteWaiting(error, value);
        }
    }
}
