using System.Runtime.CompilerServices;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Progress;

namespace BackupFunctions.Cli.Commands;

/// <summary>Looks at a run again and again until it has ended.</summary>
/// <param name="noun">What it is.</param>
/// <param name="runs">Where it is.</param>
/// <param name="time">The clock.</param>
/// <param name="isClose">Look often all the time; otherwise the longer it takes, the more seldom.</param>
internal sealed class RunWatch<T>(RunNoun<T> noun, IRunClient<T> runs, TimeProvider time, bool isClose = false)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>States of the run as they are seen; the last one holds its end.</summary>
    public async IAsyncEnumerable<RunState> ReadAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            IReadOnlyList<RunItem>? items = await runs.ReadItemsAsync(name, cancellationToken);
            RunEnd end = noun.End(await runs.GetAsync(name, cancellationToken));
            yield return new RunState(items ?? [], end);
            if (end.IsFinished)
            {
                yield break;
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = isClose || pause + FirstPause > LongestPause ? pause : pause + FirstPause;
        }
    }
}
