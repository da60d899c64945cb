namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// Names contents by their hash. Where the algorithm is faster on several inputs side by side, the contents of all writers meet here:
/// a bounded number of workers, none while there is nothing to do, takes what waits. How many wait is bounded by those who write.
/// </summary>
internal sealed class ContentNamer(ContentHasher hasher) : IHashQueue
{
    /// <summary>The way through the queue costs more than it saves for shorter ones.</summary>
    private const int LeastQueuedBytes = 32 << 10;

    private readonly int _maxWorkers = Math.Max(1, Environment.ProcessorCount / 2); // the others read, split, encrypt and write

    // Guards the two below.
    private readonly Lock _lock = new();
    private readonly Queue<HashJob> _waiting = new();
    private int _workers;

    /// <summary>The name of a content, here and now.</summary>
    public ContentId Name(char prefix, ReadOnlySpan<byte> plain)
    {
        Span<byte> hash = stackalloc byte[ContentId.MaxHashLength];
        hash = hash[..hasher.HashLength];
        hasher.Hash(plain, hash);
        return new ContentId(prefix, hash);
    }

    /// <summary>The name of a content whose bytes stay as they are until then.</summary>
    public ValueTask<ContentId> NameAsync(char prefix, ReadOnlyMemory<byte> plain)
    {
        if (!hasher.HasLanes || plain.Length < LeastQueuedBytes)
        {
            return new ValueTask<ContentId>(Name(prefix, plain.Span));
        }

        HashJob job = new(prefix, plain);
        lock (_lock)
        {
            if (_workers < _maxWorkers)
            {
                _workers++;
                Queue(hasher.CreateBatch(this));
            }

            _waiting.Enqueue(job);
        }

        return new ValueTask<ContentId>(job.Id);
    }

    HashJob? IHashQueue.TryTake()
    {
        lock (_lock)
        {
            return _waiting.TryDequeue(out HashJob? job) ? job : null;
        }
    }

    // Behind all that waits for a thread: there may be more contents among it, and full lanes cost no more than one.
    private void Queue(IHashBatch batch) =>
        _ = Task.Factory.StartNew(() => Work(batch), CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);

    private void Work(IHashBatch batch)
    {
        while (true)
        {
            try
            {
                if (!batch.Run(static () => ThreadPool.PendingWorkItemCount > 0))
                {
                    Queue(batch);
                    return;
                }
            }
            catch (Exception error)
            {
                FailWaiting(error); // those that were taken have failed already; nobody may wait for ever
                batch = hasher.CreateBatch(this);
            }

            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _workers--;
                    return;
                }
            }
        }
    }

    private void FailWaiting(Exception error)
    {
        while (((IHashQueue)this).TryTake() is { } job)
        {
            job.Fail(error);
        }
    }
}
