using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Manifests;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// Marks contents that no snapshot needs as deleted, and takes the mark from those that one needs again. Memory: a few bits for each content
/// of the repository, and the marks of one index blob.
/// </summary>
internal sealed class GarbageCollector(KopiaRepository repository, SafetyMargins margins)
{
    /// <summary>Marks that are published together; a run that dies loses no more than these.</summary>
    private const int MaxUnpublished = 100_000;

    private readonly List<IndexEntry> _marks = [];

    /// <summary>The latest time of a mark that was made, or found and agreed with, in Unix seconds; it may lie after now. The smallest number when there is none.</summary>
    public long LatestMarkSeconds { get; private set; } = long.MinValue;

    /// <param name="start">When the run began, by the store's clock.</param>
    /// <param name="markUsed">Marks all that the snapshots need, or throws: then nothing has been deleted.</param>
    public async Task<MaintenanceTaskReport> RunAsync(DateTimeOffset start, Func<UsedContents, CancellationToken, Task> markUsed, CancellationToken cancellationToken)
    {
        IndexView view = repository.Index.Current;
        UsedContents used = new(view, repository.Contents, repository.Objects);
        await markUsed(used, cancellationToken); // (M1) whatever cannot be read ends the run here

        Tally inUse = new(), system = new(), unreferenced = new(), retained = new(), deleted = new(), recovered = new();
        double startSeconds = (start - DateTimeOffset.UnixEpoch).TotalSeconds;
        await using WriteSession session = await repository.StartWriteSessionAsync(cancellationToken);
        foreach (IndexEntry entry in view.Entries(prefix: null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Id.Prefix == ManifestStore.Prefix)
            {
                system.Add(entry); // manifests look after their contents themselves
            }
            else if (used.IsUsed(entry.Id))
            {
                inUse.Add(entry);
                if (entry.IsDeleted)
                {
                    await RecoverAsync(session, entry, cancellationToken);
                    recovered.Add(entry);
                }
            }
            else if (margins.MinContentAge > TimeSpan.Zero && startSeconds - entry.TimestampSeconds < margins.MinContentAge.TotalSeconds)
            {
                retained.Add(entry); // (M2) a snapshot that needs it may be on its way
            }
            else
            {
                unreferenced.Add(entry);
                if (entry.IsDeleted)
                {
                    LatestMarkSeconds = Math.Max(LatestMarkSeconds, entry.TimestampSeconds);
                }
                else
                {
                    deleted.Add(entry);
                    await MarkAsync(session, entry, cancellationToken);
                }
            }
        }

        await PublishAsync(session, cancellationToken);
        return new MaintenanceTaskReport(
            TaskNames.SnapshotGc,
            [
                unreferenced.ToFigure("unreferencedContent"),
                deleted.ToFigure("deletedContent"),
                retained.ToFigure("retainedContent"),
                inUse.ToFigure("inUseContent"),
                system.ToFigure("inUseSystemContent"),
                recovered.ToFigure("recoveredContent"),
            ]);
    }

    private async Task MarkAsync(WriteSession session, IndexEntry entry, CancellationToken cancellationToken)
    {
        IndexEntry mark = entry.Deleted(repository.Time.GetUtcNow().ToUnixTimeSeconds());
        LatestMarkSeconds = Math.Max(LatestMarkSeconds, mark.TimestampSeconds);
        _marks.Add(mark);
        if (_marks.Count == MaxUnpublished)
        {
            await PublishAsync(session, cancellationToken);
        }
    }

    /// <summary>
    /// Writes a content anew that a snapshot found although it was marked. Its bytes are copied and not only its index entry: the pack it lies
    /// in might be deleted by another maintainer that knows of a later watermark (M3).
    /// </summary>
    private async Task RecoverAsync(WriteSession session, IndexEntry entry, CancellationToken cancellationToken)
    {
        using PooledBytes stored = await repository.Contents.ReadStoredAsync(entry, cancellationToken);
        await session.Contents.CopyAsync(entry, stored.Memory, cancellationToken);
    }

    private async Task PublishAsync(WriteSession session, CancellationToken cancellationToken)
    {
        await session.Contents.FlushAsync(_marks, cancellationToken);
        _marks.Clear();
    }

    private struct Tally
    {
        private long _count;
        private long _bytes;

        public void Add(in IndexEntry entry)
        {
            _count++;
            _bytes += entry.PackedBytes;
        }

        public readonly MaintenanceFigure ToFigure(string name) => new(name, _count, _bytes);
    }
}
