using System.Diagnostics;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Progress;
using Spectre.Console;

namespace BackupFunctions.Cli.Demo;

/// <summary>What the demo prints: headings, facts and the fan-out as it happens; colours only on a terminal.</summary>
internal sealed class DemoScreen(IAnsiConsole console)
{
    private readonly long began = Stopwatch.GetTimestamp();
    private int step;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    public void Title(string text) => console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");

    public void Step(string text)
    {
        step++;
        console.WriteLine();
        console.MarkupLine($"[bold blue]{step}. {Markup.Escape(text)}[/]");
    }

    public void Say(string text) => console.MarkupLine($"   {Markup.Escape(text)}");

    public void Good(string text) => console.MarkupLine($"   [green]{Markup.Escape("✓ " + text)}[/]");

    public void Bad(string text) => console.MarkupLine($"   [red]{Markup.Escape("✗ " + text)}[/]");

    /// <summary>Text of several lines, moved in.</summary>
    public void Block(string text)
    {
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            console.MarkupLine($"[grey]   │[/] {Markup.Escape(line)}");
        }
    }

    /// <summary>Shows a run until it has ended: one line whenever an item begins or ends.</summary>
    public async Task<RunEnd> WatchAsync(IAsyncEnumerable<RunState> states, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, RunItem> seen = new(StringComparer.Ordinal);
        RunEnd? end = null;
        await foreach (RunState state in states.WithCancellation(cancellationToken))
        {
            foreach (RunItem item in state.Items.OrderBy(item => item.CompletedAt ?? DateTimeOffset.MaxValue))
            {
                if (item.State != RunItemState.Waiting && (!seen.TryGetValue(item.Id, out RunItem? last) || last.State != item.State))
                {
                    Tell(item, start);
                }

                seen[item.Id] = item;
            }

            end = state.End;
        }

        foreach (RunItem item in seen.Values.Where(item => !RunItemState.IsEnd(item.State)))
        {
            Tell(item with { State = RunItemState.Done }, start); // it ended between the last two looks; the run as a whole tells of failures
        }

        return end ?? throw new InvalidOperationException("A run was watched and never seen.");
    }

    private void Tell(RunItem item, long start)
    {
        string clock = FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalSeconds,5:0.0}s");
        (string sign, string colour) = item.State switch
        {
            RunItemState.Running => ("▸", "grey"),
            RunItemState.Done => ("✓", "green"),
            _ => ("✗", "red"),
        };
        string worker = ItemText.Worker(item) is { Length: > 0 } id ? $"worker {id}" : "";
        string took = item is { StartedAt: { } from, CompletedAt: { } to } ? FormattableString.Invariant($"in {(to - from).TotalSeconds:0.0}s") : "";
        string amount = item.CompletedAt is not null ? ItemText.Amount(item) : "";
        string line = $"{clock}  {sign} {item.Title,-34} {worker,-13} {amount,-28} {took} {ItemText.Trouble(item)}";
        console.MarkupLine($"   [{colour}]{Markup.Escape(line.TrimEnd())}[/]");
    }
}
