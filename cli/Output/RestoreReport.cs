using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Output;

/// <summary>A restore of a tree in words and as JSON.</summary>
internal sealed class RestoreReport(TreeRestoreResult result, TreeSnapshot snapshot, string target, TimeSpan elapsed)
{
    /// <summary>How far it is, on one line.</summary>
    public static string Progress(RestoreProgress progress, DirectoryEntry whole)
    {
        long total = whole.Summary?.TotalBytes ?? whole.LengthBytes;
        string share = total > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({Math.Min(1, (double)progress.Bytes / total):P0})") : "";
        string of = whole.Summary is { } summary ? $" of {summary.FileCount}" : "";
        return $"{progress.Files}{of} files, {HumanText.Bytes(progress.Bytes)} of {HumanText.Bytes(total)}{share}{Errors(progress.ProblemCount)}";
    }

    public override string ToString()
    {
        RestoreProgress done = result.Statistics;
        string links = Others(done.HardLinks, "hard link") + Others(done.Symlinks, "symbolic link") + Others(done.Specials, "pipe or device", "pipes and devices");
        string skipped = done.Skipped > 0 ? $", {done.Skipped} left alone" : "";
        string deleted = done.Deleted > 0 ? $", {done.Deleted} deleted" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Restored {HumanText.Count(done.Files, "file")}{links}, {HumanText.Bytes(done.Bytes)} of snapshot {snapshot.Id} ({snapshot.Source}, {HumanText.Time(snapshot.StartTime.ToDateTimeOffset())}) to {target} in {elapsed.TotalSeconds:0.0} s{skipped}{deleted}{Errors(done.ProblemCount)}\n");
    }

    public JsonObject ToNode() => new()
    {
        ["snapshot"] = snapshot.Id.ToString(),
        ["target"] = target,
        ["files"] = result.Statistics.Files,
        ["bytes"] = result.Statistics.Bytes,
        ["directories"] = result.Statistics.Directories,
        ["symlinks"] = result.Statistics.Symlinks,
        ["hardLinks"] = result.Statistics.HardLinks,
        ["specials"] = result.Statistics.Specials,
        ["skipped"] = result.Statistics.Skipped,
        ["deleted"] = result.Statistics.Deleted,
        ["failed"] = result.Statistics.ProblemCount,
        ["warnings"] = result.WarningCount,
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
    };

    private static string Others(long count, string one, string? many = null) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} {(count == 1 ? one : many ?? one + "s")}");

    private static string Errors(long count) => count == 0 ? "" : $", {HumanText.Count(count, "error")}";
}
