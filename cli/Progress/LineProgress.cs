using BackupFunctions.Cli.Client;

namespace BackupFunctions.Cli.Progress;

/// <summary>Progress for files and pipes: one line whenever an item begins or ends.</summary>
internal sealed class LineProgress(TextWriter output)
{
    private readonly Dictionary<string, RunItem> told = new(StringComparer.Ordinal);

    /// <returns>How the run ended.</returns>
    public async Task<RunEnd> ShowAsync(IAsyncEnumerable<RunState> states, CancellationToken cancellationToken)
    {
        RunEnd? end = null;
        await foreach (RunState state in states.WithCancellation(cancellationToken))
        {
            foreach (RunItem item in state.Items)
            {
                await TellAsync(item);
            }

            end = state.End;
        }

        // Those that ended between the last two looks; how, the end of the whole tells.
        foreach (RunItem item in told.Values.Where(item => !RunItemState.IsEnd(item.State)).ToList())
        {
            await output.WriteLineAsync($"  {item.Title}  ended");
        }

        return end ?? throw new InvalidOperationException("A run was watched and never seen.");
    }

    private async Task TellAsync(RunItem item)
    {
        if (item.State == RunItemState.Waiting || (told.TryGetValue(item.Id, out RunItem? last) && last.State == item.State))
        {
            return;
        }

        told[item.Id] = item;
        string[] parts = [item.Title, item.State, ItemText.Amount(item), ItemText.Trouble(item)];
        await output.WriteLineAsync("  " + string.Join("  ", parts.Where(part => part.Length > 0)));
    }
}
