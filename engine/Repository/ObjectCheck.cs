using System.Collections.Concurrent;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Objects;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Tells whether an object could be read whole, without reading more of it than its lists: every content must be in the index, be as
/// long as the lists say, and not be among what was found damaged. Lists are read once.
/// </summary>
internal sealed class ObjectCheck(KopiaRepository repository, FindingLedger ledger)
{
    /// <summary>Length of an object that only reading it tells.</summary>
    private const long UnknownBytes = -1;

    /// <summary>Lists within lists deeper than this are refused, as when objects are read.</summary>
    private const int MaxDepth = 16;

    // What is known of lists, also of those within lists: however often they name one another, the work is that of reading each. One that is
    // still being read is not waited for, because with the key lists can be made that name one another in a circle.
    private readonly ConcurrentDictionary<ObjectId, (long LengthBytes, RepositoryFinding? Damage)> _lists = new();

    /// <summary>What is wrong with the object, as a finding about its blob; null when nothing is known to be.</summary>
    /// <param name="lengthBytes">What its entry says; -1 when it says nothing.</param>
    public async ValueTask<RepositoryFinding?> FindDamageAsync(ObjectId id, long lengthBytes, CancellationToken cancellationToken)
    {
        (long found, RepositoryFinding? damage) = await CheckPartAsync(new ObjectPart(0, UnknownBytes, id), depth: 0, cancellationToken);
        return damage is null && lengthBytes >= 0 && found >= 0 && found != lengthBytes
            ? Wrong(id.ToString(), $"{lengthBytes} bytes, as its entry says", $"{found}")
            : damage;
    }

    private async ValueTask<(long LengthBytes, RepositoryFinding? Damage)> CheckPartAsync(ObjectPart part, int depth, CancellationToken cancellationToken)
    {
        if (part.Id.Indirections == 0)
        {
            return CheckLeaf(part);
        }

        if (depth == MaxDepth)
        {
            return (UnknownBytes, Wrong(part.Id.ToString(), $"lists nested at most {MaxDepth} deep", "more"));
        }

        if (!_lists.TryGetValue(part.Id, out (long LengthBytes, RepositoryFinding? Damage) list))
        {
            list = await CheckListAsync(part.Id, depth + 1, cancellationToken);
            _lists.TryAdd(part.Id, list);
        }

        (long length, RepositoryFinding? damage) = list;
        return damage is null && part.LengthBytes >= 0 && length >= 0 && length != part.LengthBytes
            ? (UnknownBytes, Wrong(part.Id.ToString(), $"{part.LengthBytes} bytes, as its list says", $"{length}"))
            : (length, damage);
    }

    private async Task<(long LengthBytes, RepositoryFinding? Damage)> CheckListAsync(ObjectId id, int depth, CancellationToken cancellationToken)
    {
        if (CheckLeaf(new ObjectPart(0, UnknownBytes, ObjectId.Direct(id.Content))).Damage is { } listDamage)
        {
            return (UnknownBytes, listDamage);
        }

        long length = 0;
        RepositoryFinding? damage = null;
        try
        {
            await foreach (ObjectPart part in repository.Objects.ListEntriesAsync(id, cancellationToken))
            {
                damage ??= (await CheckPartAsync(part, depth, cancellationToken)).Damage;
                length = part.Start + part.LengthBytes;
            }
        }
        catch (RepositoryCorruptException unreadable)
        {
            damage = RepositoryFinding.Of(FindingKind.DamagedContent, FindingSeverity.Damage, unreadable);
        }
        catch (BackupException unreadable) when (unreadable.Kind is ErrorKind.Corrupt or ErrorKind.NotFound or ErrorKind.Unsupported)
        {
            damage = Wrong(id.ToString(), "a readable list", unreadable.Message);
        }

        return (damage is null ? length : UnknownBytes, damage);
    }

    private (long LengthBytes, RepositoryFinding? Damage) CheckLeaf(ObjectPart leaf)
    {
        ContentId content = leaf.Id.Content;
        if (!repository.Index.Current.TryFind(content, out IndexEntry entry))
        {
            return (UnknownBytes, Wrong(leaf.Id.ToString(), $"an index entry of the content {content}", "none"));
        }

        if (ledger.DamageOf(content, entry.Pack, (long)entry.PackOffset + entry.PackedBytes) is { } damage)
        {
            return (UnknownBytes, damage with { Content = content.ToString() });
        }

        long length = leaf.Id.IsCompressed ? leaf.LengthBytes : entry.OriginalBytes;
        return leaf.LengthBytes >= 0 && length != leaf.LengthBytes
            ? (UnknownBytes, Wrong(leaf.Id.ToString(), $"{leaf.LengthBytes} bytes, as its list says", $"{length}"))
            : (length, null);
    }

    private static RepositoryFinding Wrong(string what, string expected, string found) =>
        new(FindingKind.DamagedContent, FindingSeverity.Damage, what, null, expected, found);
}
