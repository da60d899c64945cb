using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Output;

/// <summary>A new snapshot in words and as JSON.</summary>
internal static class UploadReport
{
    /// <summary>How far it is, on one line.</summary>
    public static string Progress(UploadProgress progress) =>
        $"{HumanText.Count(progress.ReadFiles, "file")} read ({HumanText.Bytes(progress.ReadBytes)}), {progress.ReusedFiles} unchanged ({HumanText.Bytes(progress.ReusedBytes)}){Errors(progress.FailureCount)}";

    public static string Summary(TreeBackupResult result, TimeSpan elapsed)
    {
        TreeUploadResult upload = result.Upload;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Snapshot {upload.Snapshot.Id} of {upload.Snapshot.Source}: {HumanText.Count(upload.Snapshot.Root.Summary?.FileCount ?? 0, "file")}, {HumanText.Bytes(upload.Snapshot.Statistics.TotalBytes)}; {upload.Progress.ReadFiles} read, {HumanText.Bytes(result.Written.UploadedBytes)} stored, {elapsed.TotalSeconds:0.0} s{Errors(upload.FailureCount)}\n");
    }

    public static JsonObject NodeOf(TreeBackupResult result, TimeSpan elapsed)
    {
        JsonObject node = SnapshotTable.NodeOf(result.Upload.Snapshot);
        node["readFiles"] = result.Upload.Progress.ReadFiles;
        node["readBytes"] = result.Upload.Progress.ReadBytes;
        node["unchangedFiles"] = result.Upload.Progress.ReusedFiles;
        node["unchangedBytes"] = result.Upload.Progress.ReusedBytes;
        node["newContents"] = result.Written.NewContents;
        node["newBytes"] = result.Written.NewBytes;
        node["uploadedBytes"] = result.Written.UploadedBytes;
        node["skippedSockets"] = result.Upload.SkippedSockets;
        node["failed"] = result.Upload.FailureCount;
        node["seconds"] = Math.Round(elapsed.TotalSeconds, 3);
        return node;
    }

    private static string Errors(long count) => count == 0 ? "" : $", {HumanText.Count(count, "error")}";
}
