using System.Globalization;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BackupFunctions.Cli.Progress;

/// <summary>Progress on a terminal: a bar over all items and the items that are being done, drawn in place.</summary>
internal sealed class LiveProgress(IAnsiConsole console, TimeProvider time)
{
    private const int MaxRunningShown = 8;
    private const int BarWidth = 40;

    private readonly DateTimeOffset began = time.GetUtcNow();

    /// <returns>How the run ended.</returns>
    public async Task<RunEnd> ShowAsync(IAsyncEnumerable<RunState> states, CancellationToken cancellationToken)
    {
        RunEnd? end = null;
        IReadOnlyList<RunItem> last = [];
        await console.Live(Text.Empty).AutoClear(true).StartAsync(async view =>
        {
            await foreach (RunState state in states.WithCancellation(cancellationToken))
            {
                last = state.Items.Count > 0 ? state.Items : last; // a run that has just ended has none any more
                view.UpdateTarget(Draw(last));
                end = state.End;
            }
        });
        return end ?? throw new InvalidOperationException("A run was watched and never seen.");
    }

    private Rows Draw(IReadOnlyList<RunItem> items)
    {
        int done = items.Count(item => RunItemState.IsEnd(item.State));
        List<IRenderable> lines = [Summary(items, done)];
        List<RunItem> running = [.. items.Where(item => item.State == RunItemState.Running)];
        if (running.Count > 0)
        {
            Table table = new Table().NoBorder().HideHeaders().AddColumns("", "", "");
            foreach (RunItem item in running.Take(MaxRunningShown))
            {
                table.AddRow(new Text("  " + item.Title), new Text(ItemText.Amount(item)), new Text(Share(item)));
            }

            lines.Add(table);
        }

        if (running.Count > MaxRunningShown)
        {
            lines.Add(new Text($"  and {running.Count - MaxRunningShown} more"));
        }

        return new Rows(lines);
    }

    private Markup Summary(IReadOnlyList<RunItem> items, int done)
    {
        long bytes = items.Sum(item => item.BytesDone);
        long objects = items.Where(item => item.Kind != "volume").Sum(item => item.ItemsDone);
        int filled = items.Count == 0 ? 0 : BarWidth * done / items.Count;
        string bar = $"[green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/]";
        string failed = items.Any(item => item.State == RunItemState.Failed) ? " [red]with failures[/]" : "";
        string elapsed = (time.GetUtcNow() - began).ToString(@"mm\:ss", CultureInfo.InvariantCulture);
        return new Markup($"{bar} {done}/{HumanText.Count(items.Count, "item")}  {HumanText.Count(objects, "object")}  {HumanText.Bytes(bytes)}  {elapsed}{failed}");
    }

    private static string Share(RunItem item) =>
        item.BytesTotal > 0 ? (Math.Min(1, (double)item.BytesDone / item.BytesTotal)).ToString("P0", CultureInfo.InvariantCulture) : "";
}
