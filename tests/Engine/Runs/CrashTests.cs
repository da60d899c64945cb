using System.Collections.Concurrent;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Engine.Upkeep;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>Processes die, messages come twice, people cancel: what is in the bucket afterwards is one whole backup, or none.</summary>
public sealed class CrashTests : IDisposable
{
    private const int MaxDeaths = 30;
    private static readonly WorkOptions Quick = new() { ProgressInterval = TimeSpan.FromMilliseconds(100), StallAfter = TimeSpan.FromMilliseconds(300) };
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BackupSpec Spec = new() { IncludedNamespaces = ["app", "other"] };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_backup_whose_process_died_at_any_write_is_completed_by_the_next_process()
    {
        DyingStore counting = new(OpenStore("counting"), int.MaxValue);
        await BackUpUntilDeathAsync("counting", counting);
        int writes = counting.Writes;
        Assert.InRange(writes, 30, 400);

        // Every write would take minutes; each run of the tests looks at other ones.
        int step = Math.Max(1, writes / MaxDeaths);
        IEnumerable<int> deaths = Enumerable.Range(0, MaxDeaths).Select(i => 1 + TestSeed.Random().Next(step) + (i * step)).Where(n => n <= writes);
        ConcurrentQueue<string> problems = [];
        await Parallel.ForEachAsync(deaths.ToList(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, _) =>
        {
            try
            {
                await BackUpUntilDeathAsync($"died{n}", new DyingStore(OpenStore($"died{n}"), n));
                await CompleteAsync($"died{n}");
                await AssertWholeAsync($"died{n}");
            }
            catch (Exception e)
            {
                problems.Enqueue($"death at write {n} of {writes}: {e}");
            }
        });
        Assert.True(problems.IsEmpty, string.Join("\n\n", problems));
    }

    [Fact]
    public async Task One_call_that_fails_or_whose_answer_is_lost_costs_nothing()
    {
        ObservedBlobStore counting = new(OpenStore("counting"));
        await BackUpUntilDeathAsync("counting", counting);
        int total = counting.Calls.Count;
        int step = Math.Max(1, total / MaxDeaths);
        int start = TestSeed.Random().Next(step);
        ConcurrentQueue<string> problems = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, MaxDeaths).ToList(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            int n = 1 + start + (i * step);
            StoreFault fault = i % 2 == 0 ? StoreFault.FailAfter : StoreFault.FailBefore;
            try
            {
                await BackUpUntilDeathAsync($"call{n}", new ObservedBlobStore(OpenStore($"call{n}")) { Fault = call => call.Number == n ? fault : StoreFault.None });
                await CompleteAsync($"call{n}");
                await AssertPublishedAsync($"call{n}");
            }
            catch (Exception e)
            {
                problems.Enqueue($"{fault} at call {n} of {total}: {e}");
            }
        });
        Assert.True(problems.IsEmpty, string.Join("\n\n", problems));
    }

    [PeerFact(Peer.KopiaChecker)]
    public async Task A_repository_that_workers_died_in_satisfies_an_independent_reader()
    {
        foreach (string blob in (string[])["kopia/app/p", "kopia/app/x", "backups/b1/work/results/volume"])
        {
            string place = "died-" + blob.Replace('/', '-');
            ObservedBlobStore store = new(OpenStore(place));
            bool dead = false;
            store.Fault = call =>
            {
                dead |= call.Operation == StoreOperation.Put && call.Name.StartsWith(blob, StringComparison.Ordinal) && store.Count(StoreOperation.Put, "kopia/app/p") > 0;
                return dead ? StoreFault.FailBefore : StoreFault.None;
            };
            await BackUpUntilDeathAsync(place, store);
            Assert.True(dead);
            await CompleteAsync(place);

            string repository = folder.Below(place, "store", "kopia", "app");
            KopiaCheckResult check = await KopiaChecker.RunAsync(repository, RunHarness.Password.Value, folder.Below(place, "cluster", "volumes", "app-data-pvc-1"));
            Assert.True(check.ExitCode == 0, check.Output);
        }
    }

    [Fact]
    public async Task A_worker_that_died_after_its_snapshot_leaves_none_behind()
    {
        ObservedBlobStore store = new(OpenStore("one"));
        bool dead = false;
        store.Fault = call =>
        {
            dead |= call.Operation == StoreOperation.Put && call.Name.StartsWith("backups/b1/work/results/volume", StringComparison.Ordinal);
            return dead ? StoreFault.FailBefore : StoreFault.None;
        };
        await BackUpUntilDeathAsync("one", store);
        Assert.True(dead);
        Assert.Single(await SnapshotsAsync("one"));

        await CompleteAsync("one");

        await AssertWholeAsync("one");
    }

    [Fact]
    public async Task Two_processes_that_do_everything_twice_make_one_backup()
    {
        SmallCluster.Write(folder.Below("two", "cluster"));
        LocalWorkQueue[] queues = [new(), new()];
        DuplicatingQueue both = new(queues);
        using RunHarness left = RunHarness.OnFolder(folder.Below("two", "cluster"), new NoSignsStore(OpenStore("two")), options: Quick, queue: both);
        using RunHarness right = RunHarness.OnFolder(folder.Below("two", "cluster"), new NoSignsStore(OpenStore("two")), options: Quick, queue: both);
        await left.BackupStarter.StartAsync(Request(), strict: true, None);

        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        do
        {
            await Task.WhenAll(
                new LocalWorkRunner(queues[0], left.Dispatcher, workers: 2).RunToEndAsync(limit.Token),
                new LocalWorkRunner(queues[1], right.Dispatcher, workers: 2).RunToEndAsync(limit.Token));
        }
        while (await IsUnfinishedAsync(left, limit.Token));

        await AssertWholeAsync("two");
    }

    [Fact]
    public async Task A_process_that_gets_every_message_twice_at_once_makes_one_backup()
    {
        SmallCluster.Write(folder.Below("one", "cluster"));
        LocalWorkQueue queue = new();
        using RunHarness harness = RunHarness.OnFolder(folder.Below("one", "cluster"), OpenStore("one"), options: Quick, queue: new DuplicatingQueue([queue, queue]));
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));

        await harness.BackupStarter.StartAsync(Request(), strict: true, limit.Token);
        await new LocalWorkRunner(queue, harness.Dispatcher, workers: 6).RunToEndAsync(limit.Token);

        await AssertWholeAsync("one");
    }

    [Fact]
    public async Task A_process_that_another_one_overtakes_at_any_call_makes_the_same_one_backup()
    {
        int total = await OvertakeAsync("counting", static _ => false);
        Assert.InRange(total, 100, 2000);
        int step = Math.Max(1, total / MaxDeaths);
        int start = TestSeed.Random().Next(step);
        ConcurrentQueue<string> problems = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, total / step).ToList(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            int n = 1 + start + (i * step);
            try
            {
                await OvertakeAsync($"call{n}", call => call.Number == n);
                await AssertPublishedAsync($"call{n}");
            }
            catch (Exception e)
            {
                problems.Enqueue($"overtaken at call {n} of {total}: {e}");
            }
        });
        Assert.True(problems.IsEmpty, string.Join("\n\n", problems));
    }

    [Theory]
    [InlineData("results/volume-0.json", "plan.json")] // it has given its result, and the run ends with that before it looks again
    [InlineData("results/cluster.json", "results/volume-0.json")] // it gathers the results, and they are cleared away
    [InlineData("announced/volume-0", "plan.json")] // it takes its time with a snapshot that nobody waits for any more
    public async Task The_snapshot_of_a_published_backup_stays_whoever_comes_late(string firstPut, string thenInfo)
    {
        bool isPut = false, isMet = false;
        await OvertakeAsync("late", call =>
        {
            isPut |= call.Operation == StoreOperation.Put && call.Name.StartsWith($"backups/b1/work/{firstPut}", StringComparison.Ordinal);
            bool isMoment = isPut && call.Operation == StoreOperation.Info && call.Name == $"backups/b1/work/{thenInfo}";
            isMet |= isMoment;
            return isMoment;
        });

        Assert.True(isMet);
        await AssertWholeAsync("late");
    }

    [Fact]
    public async Task A_cancelled_backup_ends_Failed_with_the_reason_and_can_be_deleted_without_a_trace()
    {
        SmallCluster.Write(folder.Below("one", "cluster"));
        ObservedBlobStore store = new(OpenStore("one"));
        using RunHarness harness = RunHarness.OnFolder(folder.Below("one", "cluster"), store, options: Quick);
        int cancelled = 0;
        store.Fault = call =>
        {
            if (call.Name.StartsWith("kopia/app/p", StringComparison.Ordinal) && Interlocked.Exchange(ref cancelled, 1) == 0)
            {
                OpenStore("one").PutAsync(new RunId(RunKind.Backup, "b1").Cancelled, ReadOnlyMemory<byte>.Empty, PutCondition.Always, None).GetAwaiter().GetResult();
            }

            return StoreFault.None;
        };

        await harness.BackupStarter.StartAsync(Request(), strict: true, None);
        await harness.RunToEndAsync();
        await CompleteAsync("one");

        Assert.Equal(1, cancelled);
        VeleroBackup backup = await harness.Backups.GetAsync(BackupName.Parse("b1"), None);
        Assert.Equal(BackupPhase.Failed, backup.Status.Phase);
        Assert.Contains("cancelled", backup.Status.FailureReason, StringComparison.Ordinal);
        Assert.Empty(Leftovers("one"));
        Assert.Empty(await SnapshotsAsync("one"));

        await new BackupDeleter(store, RunHarness.Password, new VolumeDataOptions(), TimeProvider.System).DeleteAsync(BackupName.Parse("b1"), None);
        Assert.DoesNotContain(Blobs("one"), blob => blob.StartsWith("backups/", StringComparison.Ordinal));
    }

    private static VeleroBackup Request() => new() { Metadata = new ObjectMetadata { Name = "b1" }, Spec = Spec };

    private static async Task<bool> IsUnfinishedAsync(RunHarness harness, CancellationToken cancellationToken)
    {
        bool published = await harness.Backups.Catalog.ExistsAsync(BackupName.Parse("b1"), cancellationToken);
        await harness.Dispatcher.SweepAsync(cancellationToken);
        return !published;
    }

    private IBlobStore OpenStore(string place) => RunHarness.OpenFolderStore(folder.Below(place, "store"));

    private async Task BackUpUntilDeathAsync(string place, IBlobStore store)
    {
        SmallCluster.Write(folder.Below(place, "cluster"));
        using RunHarness harness = RunHarness.OnFolder(folder.Below(place, "cluster"), store, options: Quick);
        try
        {
            await harness.BackupStarter.StartAsync(Request(), strict: true, None);
            await harness.RunToEndAsync();
        }
        catch (BackupException)
        {
            return; // the death
        }
    }

    /// <summary>Backs up in a process that another one, which gets the same messages, overtakes at one of its calls: it does all there is to do.</summary>
    /// <returns>The calls of the process that was overtaken.</returns>
    private async Task<int> OvertakeAsync(string place, Func<StoreCall, bool> isMoment)
    {
        SmallCluster.Write(folder.Below(place, "cluster"));
        LocalWorkQueue[] queues = [new(), new()];
        DuplicatingQueue both = new(queues);
        ObservedBlobStore store = new(new NoSignsStore(OpenStore(place)));
        using RunHarness slow = RunHarness.OnFolder(folder.Below(place, "cluster"), store, options: Quick, queue: both);
        using RunHarness fast = RunHarness.OnFolder(folder.Below(place, "cluster"), new NoSignsStore(OpenStore(place)), options: Quick, queue: both);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        int overtaken = 0;
        store.Fault = call =>
        {
            if (isMoment(call) && Interlocked.Exchange(ref overtaken, 1) == 0)
            {
                Task.Run(() => new LocalWorkRunner(queues[1], fast.Dispatcher, workers: 1).RunToEndAsync(limit.Token)).GetAwaiter().GetResult();
            }

            return StoreFault.None;
        };
        await slow.BackupStarter.StartAsync(Request(), strict: true, limit.Token);
        await new LocalWorkRunner(queues[0], slow.Dispatcher, workers: 1).RunToEndAsync(limit.Token);
        return store.Calls.Count;
    }

    /// <summary>What the next process does: sweeps until nothing is left to do; asks again for a backup that was never claimed.</summary>
    private async Task CompleteAsync(string place)
    {
        using RunHarness harness = RunHarness.OnFolder(folder.Below(place, "cluster"), OpenStore(place), options: Quick);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        RunStore runs = new(harness.Store);
        RunId run = new(RunKind.Backup, "b1");
        if (await runs.TryReadPlanAsync(run, limit.Token) is null && !await harness.Backups.Catalog.ExistsAsync(BackupName.Parse("b1"), limit.Token))
        {
            await harness.BackupStarter.StartAsync(Request(), strict: true, limit.Token);
        }

        while (await runs.ListMarkedAsync(limit.Token).AnyAsync(limit.Token))
        {
            await harness.Dispatcher.SweepAsync(limit.Token);
            await harness.RunToEndAsync();
            await Task.Delay(50, limit.Token); // a dead worker's signs must grow old by the store's own clock
        }
    }

    private async Task AssertWholeAsync(string place)
    {
        await AssertPublishedAsync(place);
        using RunHarness harness = RunHarness.OnFolder(folder.Below(place, "cluster"), OpenStore(place), options: Quick);
        VeleroRestore restore = await harness.RestoreAsync("r1", new RestoreSpec { BackupName = "b1", NamespaceMapping = new Dictionary<string, string> { ["app"] = "copy" } });
        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0 }, await harness.ProblemsOfAsync(restore));
        string data = folder.Below(place, "cluster", "volumes");
        Assert.Equal(Trees.Describe(Path.Combine(data, "app-data-pvc-1")), Trees.Describe(Assert.Single(Directory.GetDirectories(data, "copy-data-*"))));
    }

    /// <summary>One backup, Completed, whose volumes are all the snapshots there are, and nothing of its run.</summary>
    private async Task AssertPublishedAsync(string place)
    {
        Assert.Single(Blobs(place), blob => blob.EndsWith("velero-backup.json", StringComparison.Ordinal));
        Assert.Empty(Leftovers(place));
        using RunHarness harness = RunHarness.OnFolder(folder.Below(place, "cluster"), OpenStore(place), options: Quick);
        VeleroBackup backup = await harness.Backups.GetAsync(BackupName.Parse("b1"), None);
        Assert.True(backup.Status is { Phase: BackupPhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(backup));
        IReadOnlyList<PodVolumeBackup> volumes = await harness.Backups.Catalog.ReadPodVolumeBackupsAsync(BackupName.Parse("b1"), None);
        Assert.Equal(volumes.Select(volume => volume.Status.SnapshotId), await SnapshotsAsync(place));
    }

    private async Task<List<string>> SnapshotsAsync(string place)
    {
        await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(
            OpenStore(place), "app", RunHarness.Password, new VolumeDataOptions(), TimeProvider.System, None);
        return [.. (await repository.ListAsync(None)).Where(snapshot => snapshot.IsComplete).Select(snapshot => snapshot.Id.ToString())];
    }

    private List<string> Blobs(string place) =>
        [.. Directory.EnumerateFiles(folder.Below(place, "store"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Below(place, "store"), file))];

    private List<string> Leftovers(string place) =>
        [.. Blobs(place).Where(blob => blob.Contains("/work/", StringComparison.Ordinal) || blob.StartsWith("metadata/backup-functions/running", StringComparison.Ordinal))];

    /// <summary>Every message reaches every process.</summary>
    private sealed class DuplicatingQueue(IReadOnlyList<LocalWorkQueue> queues) : IWorkQueue
    {
        public async Task SendAsync(QueueName queue, WorkMessage message, CancellationToken cancellationToken)
        {
            foreach (LocalWorkQueue each in queues)
            {
                await each.SendAsync(queue, message, cancellationToken);
            }
        }
    }
}
