using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Progress;

namespace BackupFunctions.Cli.Commands;

/// <summary>A kind of object that work is done for.</summary>
internal sealed record RunNoun<T> : Noun<T>
{
    public required Func<IBackupClient, IRunClient<T>> Runs { get; init; }

    public required Func<T, RunEnd> End { get; init; }
}
