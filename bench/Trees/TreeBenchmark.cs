using System.Diagnostics;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Bench.Trees;

/// <summary>One volume: first backup, the same again, one file changed, restore; each with its time, rate processor time, and the process's peak memory so far.</summary>
internal static class TreeBenchmark
{
    public const string Namespace = "bench";

    public static async Task RunAsync(string tree, string work, int parallelism, TextWriter output, CancellationToken cancellationToken)
    {
        string bucket = Path.Combine(work, "bucket");
        string restored = Path.Combine(work, "restored");
        Directory.CreateDirectory(bucket);
        IBlobStore store = BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + bucket), null, new BlobStoreOptions(), TimeProvider.System);
        VolumeDataOptions options = new() { Upload = new UploadOptions { Parallelism = parallelism } };
        VolumeIdentity volume = new(Namespace, "pod", "claim");
        VolumeSnapshotResult? last = null;
        foreach (string name in (string[])["first", "again"])
        {
            (long, TimeSpan) start = Now();
            await using VolumeDataRepository repository = await VolumeDataRepository.OpenOrCreateAsync(
                store, Namespace, RepositoryPassword.VeleroDefault, options, TimeProvider.System, cancellationToken);
            last = await repository.BackupAsync(volume, tree, new Dictionary<string, string>(), null, cancellationToken);
            Report(output, name, start, last.TotalBytes, $"{last.Progress.ReadFiles} read, {last.Progress.ReusedFiles} reused, {last.IncrementalBytes / 1e6:F1} MB uploaded");
        }

        (long, TimeSpan) restore = Now();
        await using VolumeDataRepository opened = await VolumeDataRepository.OpenAsync(
            store, Namespace, RepositoryPassword.VeleroDefault, options, TimeProvider.System, cancellationToken);
        TreeRestoreResult result = await opened.RestoreAsync(
            last?.SnapshotId ?? default, restored, new TreeRestoreOptions { Parallelism = parallelism }, null, cancellationToken);
        Report(output, "restore", restore, result.Statistics.Bytes, $"{result.Statistics.Files} files, {result.Statistics.ProblemCount} problems");
    }

    private static (long Timestamp, TimeSpan Processor) Now()
    {
        using Process self = Process.GetCurrentProcess();
        return (Stopwatch.GetTimestamp(), self.TotalProcessorTime);
    }

    private static void Report(TextWriter output, string name, (long Timestamp, TimeSpan Processor) start, long bytes, string details)
    {
        double seconds = Stopwatch.GetElapsedTime(start.Timestamp).TotalSeconds;
        using Process self = Process.GetCurrentProcess();
        output.WriteLine(FormattableString.Invariant(
            $"{name,-8} {seconds,8:F2} s {bytes / seconds / 1e6,8:F0} MB/s {(self.TotalProcessorTime - start.Processor).TotalSeconds,8:F2} s of processor   peak {self.PeakWorkingSet64 / 1e6:F0} MB   {details}"));
    }
}
