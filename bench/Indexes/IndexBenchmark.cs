using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Bench.Indexes;

/// <summary>
/// A repository of many contents, built once (indexes only, a million entries in each blob), then opened and searched in a process of
/// its own. The contents' names are made from their numbers, so that both processes know them.
/// </summary>
internal static class IndexBenchmark
{
    public const string Usage = "index COUNT [FOLDER] | index-open COUNT FOLDER | index-maintain COUNT FOLDER";

    private const string Password = "bench";
    private const int EntriesPerBlob = 1_000_000;
    private const int ContentsPerPack = 200;
    private const int Lookups = 1_000_000;

    public static async Task RunAsync(int count, string folder, TextWriter output, CancellationToken cancellationToken)
    {
        string bucket = Path.Combine(folder, $"bucket-{count}");
        if (!File.Exists(Path.Combine(bucket, "complete")))
        {
            await BuildAsync(count, bucket, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(bucket, "complete"), "", cancellationToken);
        }

        foreach (string name in (string[])["cold", "warm"])
        {
            await output.WriteLineAsync(name);
            await output.FlushAsync(cancellationToken);
            if (name == "cold" && Directory.Exists(CacheOf(folder)))
            {
                Directory.Delete(CacheOf(folder), recursive: true);
            }

            await RunChildAsync("index-open");
        }

        await output.WriteLineAsync("maintain");
        await output.FlushAsync(cancellationToken);
        await RunChildAsync("index-maintain");

        async Task RunChildAsync(string command)
        {
            using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath ?? "", [command, $"{count}", folder]))!; // null only for shell execution
            await child.WaitForExitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Maintains a copy of the repository: three of ten contents are garbage, and the epoch of all index blobs is over. Full maintenance marks,
    /// drops, and merges them; packs there are none.
    /// </summary>
    public static async Task MaintainAsync(int count, string folder, TextWriter output, CancellationToken cancellationToken)
    {
        string bucket = Path.Combine(folder, "maintained");
        if (Directory.Exists(bucket))
        {
            Directory.Delete(bucket, recursive: true);
        }

        Directory.CreateDirectory(bucket);
        foreach (string blob in Directory.EnumerateFiles(Path.Combine(folder, $"bucket-{count}")))
        {
            File.Copy(blob, Path.Combine(bucket, Path.GetFileName(blob)));
        }

        IBlobStore store = StoreOf(bucket);
        await store.PutAsync(BlobName.Parse("xe2"), "epoch-marker"u8.ToArray(), PutCondition.Always, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        await using KopiaRepository repository = await KopiaRepository.OpenAsync(store, Password, new RepositoryOptions { CacheFolder = CacheOf(folder) }, TimeProvider.System, cancellationToken);
        Report(output, "open", start, repository.Index.Current.Segments.Count, "index blobs", "");
        start = Stopwatch.GetTimestamp();
        MaintenanceReport report = await new RepositoryMaintenance(repository).RunAsync(
            new MaintenanceOptions { Mode = MaintenanceMode.Full, Safety = MaintenanceSafety.None }, MarkAsync, cancellationToken);
        Report(output, "full maintenance", start, report.Tasks.Count, "tasks", "");
        foreach (MaintenanceTaskReport task in report.Tasks)
        {
            await output.WriteLineAsync($"    {task.Task}: {task.Skipped ?? string.Join(", ", task.Figures.Where(static figure => figure.Count != 0).Select(static figure => $"{figure.Name} {figure.Count}"))}");
        }

        async Task MarkAsync(UsedContents used, CancellationToken token)
        {
            for (int number = 0; number < count; number++)
            {
                if (number % 10 < 7)
                {
                    await used.MarkAsync(ObjectId.Direct(IdOf(number)), token);
                }
            }

            Report(output, "mark", start, count, "contents", "");
        }
    }

    public static async Task OpenAsync(int count, string folder, TextWriter output, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        RepositoryOptions options = new() { CacheFolder = CacheOf(folder) };
        await using KopiaRepository repository = await KopiaRepository.OpenAsync(
            StoreOf(Path.Combine(folder, $"bucket-{count}")), Password, options, TimeProvider.System, cancellationToken);
        IndexView view = repository.Index.Current;
        Report(output, "open", start, view.Segments.Count, "index blobs", "");

        Random random = new(1);
        Search(view, random, count, 10_000); // compiles
        Measure("exists", static (view, id) => view.Contains(id));
        Measure("find, packs new", static (view, id) => view.TryFind(id, out _));
        Measure("find", static (view, id) => view.TryFind(id, out _));
        Measure("miss", static (view, id) => !view.Contains(id), offset: count);

        start = Stopwatch.GetTimestamp();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long entries = view.Entries(prefix: null).LongCount();
        Report(output, "all entries", start, entries, "entries", $"{(GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)entries:F2} bytes allocated each");

        void Measure(string name, Func<IndexView, ContentId, bool> look, int offset = 0)
        {
            int[] numbers = [.. Enumerable.Range(0, Lookups).Select(_ => offset + random.Next(count))];
            long before = GC.GetAllocatedBytesForCurrentThread();
            long begin = Stopwatch.GetTimestamp();
            int found = 0;
            foreach (int number in numbers)
            {
                found += look(view, IdOf(number)) ? 1 : 0;
            }

            double bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Lookups;
            Report(output, name, begin, found, $"of {Lookups} as expected", FormattableString.Invariant($"{Stopwatch.GetElapsedTime(begin).TotalMicroseconds / Lookups:F2} us and {bytes:F2} bytes allocated each"));
        }
    }

    private static void Search(IndexView view, Random random, int count, int times)
    {
        for (int i = 0; i < times; i++)
        {
            ContentId id = IdOf(random.Next(count));
            _ = view.Contains(id) && view.TryFind(id, out _);
        }
    }

    private static async Task BuildAsync(int count, string bucket, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(bucket);
        IBlobStore store = StoreOf(bucket);
        await using KopiaRepository repository = await KopiaRepository.CreateAsync(
            store, Password, new NewRepositoryOptions(), new RepositoryOptions(), TimeProvider.System, cancellationToken);
        EpochIndexBlobStore blobs = new(store, repository.Crypto, repository.Parameters.Epochs.RefreshFrequency, TimeProvider.System);
        for (int first = 0; first < count; first += EntriesPerBlob)
        {
            IndexEntry[] entries = new IndexEntry[Math.Min(EntriesPerBlob, count - first)];
            for (int i = 0; i < entries.Length; i++)
            {
                int number = first + i;
                BlobName pack = i % ContentsPerPack == 0 ? BlobName.Parse($"p{number:x32}-s0123456789abcdef") : entries[i - 1].Pack;
                entries[i] = new IndexEntry(IdOf(number), pack, 1_700_000_000 + number, false, (uint)(i % ContentsPerPack * 100_000), 90_028, 90_000, 0, 3, 0);
            }

            List<IndexEntry> sorted = IndexBuilder.SortAndMerge(entries);
            await blobs.WriteAsync(IndexBuilder.Build(2, CollectionsMarshal.AsSpan(sorted), []), "s0123456789abcdef", cancellationToken);
        }
    }

    /// <summary>The name of the n-th content: bits that look random, by the finaliser of SplitMix64.</summary>
    private static ContentId IdOf(int number)
    {
        Span<byte> hash = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(hash, Mix((ulong)number + 1));
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], Mix((ulong)number + (1ul << 40)));
        return new ContentId(number % 10 == 0 ? 'k' : '\0', hash);
    }

    private static ulong Mix(ulong value)
    {
        value *= 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static IBlobStore StoreOf(string bucket) =>
        BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + bucket), null, new BlobStoreOptions(), TimeProvider.System);

    private static string CacheOf(string folder) => Path.Combine(folder, "cache");

    private static void Report(TextWriter output, string name, long start, long count, string what, string details)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using Process self = Process.GetCurrentProcess();
        output.WriteLine(FormattableString.Invariant(
            $"  {name,-16} {seconds,7:F2} s   {count} {what}   {self.WorkingSet64 / 1e6:F0} MB, peak {self.PeakWorkingSet64 / 1e6:F0} MB   {details}"));
    }
}
