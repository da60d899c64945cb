using System.Collections.Concurrent;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Work;

/// <summary>What an executor has at hand while it does one item: log, failures, progress, and the results of earlier stages.</summary>
public sealed class ItemContext(WorkerId worker, AttemptId attempt, BackupLog log, IReadOnlyList<ItemResult> earlierResults)
{
    private readonly ConcurrentQueue<string> announced = new();
    private long itemsDone;
    private long itemsTotal;
    private long bytesDone;
    private long bytesTotal;

    public WorkerId Worker { get; } = worker;

    /// <summary>This try; the blobs that it writes are named after it.</summary>
    public AttemptId Attempt { get; } = attempt;

    /// <summary>Log of this item; errors and warnings written to it are kept as failures.</summary>
    public BackupLog Log { get; } = log;

    /// <summary>Results of all items of the stages before, in plan order.</summary>
    public IReadOnlyList<ItemResult> EarlierResults { get; } = earlierResults;

    /// <summary>Names of what this worker made of the item outside the work folder, or was about to make.</summary>
    public IReadOnlyCollection<string> Announced => announced;

    /// <summary>Adds to <see cref="Announced"/>.</summary>
    public void Announce(string name) => announced.Enqueue(name);

    /// <summary>Records an error: the item's run will end PartiallyFailed.</summary>
    public void Error(ItemFailure failure) => Log.Error(failure);

    /// <summary>Records a warning.</summary>
    public void Warn(ItemFailure failure) => Log.Warning(failure);

    public void AddItems(long done) => Interlocked.Add(ref itemsDone, done);

    /// <summary>Absolute numbers, from whoever walks the item; negative ones leave the old value.</summary>
    public void Report(long items, long totalItems, long bytes, long totalBytes)
    {
        Set(ref itemsDone, items);
        Set(ref itemsTotal, totalItems);
        Set(ref bytesDone, bytes);
        Set(ref bytesTotal, totalBytes);

        static void Set(ref long field, long value)
        {
            if (value >= 0)
            {
                Interlocked.Exchange(ref field, value);
            }
        }
    }

    public ItemProgress Progress => new(
        Worker.ToString(),
        Interlocked.Read(ref itemsDone),
        Interlocked.Read(ref itemsTotal),
        Interlocked.Read(ref bytesDone),
        Interlocked.Read(ref bytesTotal));
}
