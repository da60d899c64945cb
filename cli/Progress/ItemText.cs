using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Progress;

/// <summary>One item of a run in words.</summary>
internal static class ItemText
{
    private const int WorkerLength = 6;

    /// <summary>How much of the item is done: bytes for volumes, objects for the rest.</summary>
    public static string Amount(RunItem item)
    {
        if (item.BytesDone > 0 || item.BytesTotal > 0)
        {
            string total = item.BytesTotal > item.BytesDone && !RunItemState.IsEnd(item.State) ? $" of {HumanText.Bytes(item.BytesTotal)}" : "";
            string files = item.ItemsDone > 1 ? $" in {HumanText.Count(item.ItemsDone, "file")}" : "";
            return HumanText.Bytes(item.BytesDone) + total + files;
        }

        return item.Kind == "volume" || (item.ItemsDone == 0 && !RunItemState.IsEnd(item.State)) ? "" : HumanText.Count(item.ItemsDone, "object");
    }

    /// <summary>Errors and warnings; empty when there are none.</summary>
    public static string Trouble(RunItem item) => string.Join(", ", Parts(item));

    /// <summary>The process, short enough for a line; empty when nobody has begun.</summary>
    public static string Worker(RunItem item) => item.Worker is { } worker ? worker[..Math.Min(WorkerLength, worker.Length)] : "";

    private static IEnumerable<string> Parts(RunItem item)
    {
        if (item.Errors > 0)
        {
            yield return HumanText.Count(item.Errors, "error");
        }

        if (item.Warnings > 0)
        {
            yield return HumanText.Count(item.Warnings, "warning");
        }
    }
}
