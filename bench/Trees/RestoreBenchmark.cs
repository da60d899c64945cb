using System.Diagnostics;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Bench.Trees;

/// <summary>Restores the newest snapshot of what <see cref="TreeBenchmark"/> left in its work folder, in a process of its own.</summary>
internal static class RestoreBenchmark
{
    public static async Task RunAsync(string work, string target, int parallelism, TextWriter output, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        long allocated = GC.GetTotalAllocatedBytes();
        IBlobStore store = BlobStoreFactory.Open(
            BlobStoreUrl.Parse("file://" + Path.Combine(work, "bucket")), null, new BlobStoreOptions(), TimeProvider.System);
        await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(
            store, TreeBenchmark.Namespace, RepositoryPassword.VeleroDefault, new VolumeDataOptions(), TimeProvider.System, cancellationToken);
        TreeSnapshot newest = (await repository.ListAsync(cancellationToken))[^1];
        TimeSpan opened = Stopwatch.GetElapsedTime(start);
        TreeRestoreResult result = await repository.RestoreAsync(
            newest.Id, target, new TreeRestoreOptions { Parallelism = parallelism, Sync = false }, null, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using Process self = Process.GetCurrentProcess();
        output.WriteLine(FormattableString.Invariant(
            $"restore {seconds,8:F2} s ({opened.TotalSeconds:F2} s to open) {result.Statistics.Bytes / seconds / 1e6,8:F0} MB/s {self.TotalProcessorTime.TotalSeconds,8:F2} s of processor   peak {self.PeakWorkingSet64 / 1e6:F0} MB   {(GC.GetTotalAllocatedBytes() - allocated) / 1e6:F0} MB allocated   {result.Statistics.Files} files, {result.Statistics.ProblemCount} problems"));
    }
}
