using System.Diagnostics;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Bench.Trees;

/// <summary>One backup in a process of its own, so that its peak memory and its start-up are seen from outside too. A bucket that is there is gone on with.</summary>
internal static class SingleBackup
{
    private const string Namespace = "bench";

    public static async Task RunAsync(string tree, string storeUrl, string? hash, int parallelism, TextWriter output, CancellationToken cancellationToken)
    {
        TimeSpan sinceStart = DateTime.Now - Process.GetCurrentProcess().StartTime;
        long begin = Stopwatch.GetTimestamp();
        S3Credentials? credentials = Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is { } key
            ? new S3Credentials(key, Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY") ?? "", null)
            : null;
        IBlobStore store = BlobStoreFactory.Open(BlobStoreUrl.Parse(storeUrl), credentials, new BlobStoreOptions(), TimeProvider.System);
        NewRepositoryOptions create = new();
        VolumeDataOptions options = new()
        {
            Upload = new UploadOptions { Parallelism = parallelism },
            Create = hash is null ? create : create with { Hash = hash },
        };
        await using VolumeDataRepository repository = await VolumeDataRepository.OpenOrCreateAsync(
            store, Namespace, RepositoryPassword.VeleroDefault, options, TimeProvider.System, cancellationToken);
        TimeSpan opened = Stopwatch.GetElapsedTime(begin);
        VolumeSnapshotResult result = await repository.BackupAsync(
            new VolumeIdentity(Namespace, "pod", "claim"), tree, new Dictionary<string, string>(), null, cancellationToken);
        TimeSpan done = Stopwatch.GetElapsedTime(begin) - opened;
        using Process self = Process.GetCurrentProcess();
        output.WriteLine(FormattableString.Invariant(
            $"start {sinceStart.TotalSeconds:F3} s, open {opened.TotalSeconds:F3} s, backup {done.TotalSeconds:F3} s = {result.TotalBytes / done.TotalSeconds / 1e6:F0} MB/s; processor {self.TotalProcessorTime.TotalSeconds:F2} s; peak {self.PeakWorkingSet64 / 1e6:F0} MB; allocated {GC.GetTotalAllocatedBytes() / 1e6:F1} MB, collections {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}; {result.Progress.ReadFiles} read, {result.Progress.ReusedFiles} reused, {result.IncrementalBytes / 1e6:F1} MB uploaded"));
    }
}
