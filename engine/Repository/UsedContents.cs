using System.Collections.Concurrent;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Repository.Objects;
using BackupFunctions.Engine.Repository.Packs;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Which contents of a view of the index are needed by something: three bits for each entry. Those who know what refers to objects mark them.
/// All members may be called concurrently.
/// </summary>
internal sealed class UsedContents(IndexView view, ContentReader contents, ObjectReader objects)
{
    private readonly ContentBits _used = new(view.Segments.Select(static segment => segment.Count));
    private readonly ContentBits _lists = new(view.Segments.Select(static segment => segment.Count));
    private readonly ContentBits _entered = new(view.Segments.Select(static segment => segment.Count));

    /// <summary>Contents that were published after the view was loaded, which no collection by this view can touch; there are few.</summary>
    private readonly ConcurrentDictionary<(ContentId Id, bool IsList), bool> _newer = new();

    /// <summary>Lists that are listed themselves. Their innermost list has the same content, and is another object; only of the largest files there are such.</summary>
    private readonly ConcurrentDictionary<ObjectId, bool> _listedLists = new();

    /// <summary>Marks all contents of an object: its lists, which are read, and its parts.</summary>
    /// <exception cref="RepositoryCorruptException">A content of it is in no index, or a list of it cannot be read.</exception>
    public async ValueTask MarkAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (id.Indirections == 0)
        {
            await MarkAsync(id.Content, cancellationToken);
            return;
        }

        bool isFirst = id.Indirections == 1 ? TrySet(_lists, id.Content, isList: true) : _listedLists.TryAdd(id, true);
        if (!isFirst)
        {
            return; // the same list was, or is being, read for another object
        }

        await MarkAsync(id.List, cancellationToken);
        await foreach (ObjectPart part in objects.ListEntriesAsync(id, cancellationToken))
        {
            await MarkAsync(part.Id, cancellationToken);
        }
    }

    /// <summary>Notes that somebody goes through the entries of this directory object; false when somebody did already.</summary>
    public bool TryEnter(ObjectId directory) => TrySet(_entered, directory.Content, isList: false);

    /// <summary>Whether a content of the view was marked.</summary>
    public bool IsUsed(ContentId id) => TryLocate(id, out int segment, out int position) && _used.IsSet(segment, position);

    private async ValueTask MarkAsync(ContentId id, CancellationToken cancellationToken)
    {
        bool isLocated = TryLocate(id, out int segment, out int position);
        if (isLocated && !_used.TrySet(segment, position))
        {
            return;
        }

        // Whoever marks a content first sees whether it exists: its entries may all be deletions that have become final.
        if (!(isLocated && view.TryFind(id, out _)) && await contents.FindAsync(id, cancellationToken) is null)
        {
            throw new RepositoryCorruptException(id.ToString(), null, "an index entry of this content", "none");
        }
    }

    private bool TrySet(ContentBits bits, ContentId id, bool isList) =>
        TryLocate(id, out int segment, out int position) ? bits.TrySet(segment, position) : _newer.TryAdd((id, isList), true);

    /// <summary>The first segment that knows the content stands for all that do.</summary>
    private bool TryLocate(ContentId id, out int segment, out int position)
    {
        Span<byte> key = stackalloc byte[ContentId.MaxKeyLength];
        id.CopyKeyTo(key);
        key = key[..id.KeyLength];
        for (segment = 0; segment < view.Segments.Count; segment++)
        {
            position = view.Segments[segment].Find(key);
            if (position >= 0)
            {
                return true;
            }
        }

        position = -1;
        return false;
    }
}
