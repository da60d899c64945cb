using System.Buffers.Binary;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// Finds the entries of a key in many small segments at once: an unmaintained repository has hundreds, and a search in each would
/// cost hundreds of times as much. Open addressing with linear probing; a slot holds a segment and a position, the key is compared
/// in the segment. Immutable.
/// </summary>
internal sealed class SegmentHashTable
{
    /// <summary>Fewer segments than this are searched one by one.</summary>
    public const int LeastSegments = 8;

    /// <summary>Longer segments are searched on their own.</summary>
    private const int MaxEntriesPerSegment = 1 << 16;

    /// <summary>Entries in all, which take 16 bytes each, at most twice that.</summary>
    private const int MaxEntries = 2 << 20;

    /// <summary>Keys that collide more often than chance would have it are not put in, nor is the rest of their segment.</summary>
    private const int MaxProbes = 4096;

    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly List<IndexSegment> _segments;
    private readonly ulong[] _slots; // segment + 1 above bit 32, position below; 0 is free
    private readonly int _shift;

    private SegmentHashTable(List<IndexSegment> segments, int slotBits)
    {
        _segments = segments;
        _slots = new ulong[1 << slotBits];
        _shift = 64 - slotBits;
    }

    /// <summary>Makes a table of the small ones of these segments, if there are enough of them.</summary>
    /// <param name="others">Gets those that are not in the table.</param>
    public static SegmentHashTable? Build(IEnumerable<IndexSegment> segments, List<IndexSegment> others)
    {
        List<IndexSegment> small = [];
        long entries = 0;
        foreach (IndexSegment segment in segments)
        {
            if (segment.Count <= MaxEntriesPerSegment && entries + segment.Count <= MaxEntries)
            {
                small.Add(segment);
                entries += segment.Count;
            }
            else
            {
                others.Add(segment);
            }
        }

        if (small.Count < LeastSegments)
        {
            others.AddRange(small);
            return null;
        }

        int slotBits = Math.Max(4, 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)entries)) + 1;
        SegmentHashTable table = new(small, slotBits);
        for (int i = 0; i < small.Count; i++)
        {
            if (!table.TryAdd(i))
            {
                others.Add(small[i]); // what is in the table of it does no harm: the entry that counts is the same
            }
        }

        return table;
    }

    /// <summary>Where to begin looking for a key.</summary>
    public uint SlotOf(ReadOnlySpan<byte> key) => (uint)(HashOf(key) >> _shift);

    /// <summary>Goes on to the next entry with the key; false when there are no more.</summary>
    public bool TryNext(ReadOnlySpan<byte> key, ref uint slot, out IndexSegment segment, out int position)
    {
        while (_slots[slot] is var used and not 0)
        {
            slot = (slot + 1) & (uint)(_slots.Length - 1);
            segment = _segments[(int)(used >> 32) - 1];
            position = (int)(uint)used;
            if (segment.HasKeyAt(position, key))
            {
                return true;
            }
        }

        (segment, position) = (null!, -1); // not looked at by who gets false
        return false;
    }

    private bool TryAdd(int segment)
    {
        IndexSegment added = _segments[segment];
        Span<byte> key = stackalloc byte[ContentId.MaxKeyLength];
        for (int position = 0; position < added.Count; position++)
        {
            key = key[..added.CopyKeyAt(position, key)];
            uint slot = SlotOf(key);
            int probes = 0;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (uint)(_slots.Length - 1);
                if (++probes > MaxProbes)
                {
                    return false;
                }
            }

            _slots[slot] = ((ulong)(segment + 1) << 32) | (uint)position;
        }

        return true;
    }

    private static ulong HashOf(ReadOnlySpan<byte> key)
    {
        // Hashes are random bits already; the letter tells apart the few contents that have the same one.
        Span<byte> head = stackalloc byte[sizeof(ulong)];
        head.Clear();
        ReadOnlySpan<byte> hash = key[1..];
        hash[..Math.Min(hash.Length, sizeof(ulong))].CopyTo(head);
        return (BinaryPrimitives.ReadUInt64LittleEndian(head) + key[0]) * Golden;
    }
}
