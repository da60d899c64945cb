using System.Globalization;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>What a blob of the epoch scheme is for.</summary>
internal enum EpochBlobKind
{
    /// <summary><c>xe</c>: the epoch has begun.</summary>
    Marker,

    /// <summary><c>xn</c>: an index written at a flush.</summary>
    Index,

    /// <summary><c>xs</c>: all of one epoch's indexes merged.</summary>
    Single,

    /// <summary><c>xr</c>: the indexes of a range of epochs merged, both ends included.</summary>
    Range,

    /// <summary><c>xw</c>: deletions up to this second are final.</summary>
    Watermark,
}

/// <summary>A parsed name: <c>x</c>, the kind's letter, one or two decimal numbers, <c>_</c> and the rest.</summary>
/// <param name="First">The epoch, the range's first epoch, or the watermark's second.</param>
/// <param name="Last">The range's last epoch; else equal to <paramref name="First"/>.</param>
/// <param name="SetId">Second dash-part of the rest, which the blobs of one compaction share; the whole name when it has no such shape.</param>
/// <param name="SetCount">How many blobs the set has.</param>
internal readonly record struct EpochBlobName(EpochBlobKind Kind, long First, long Last, string SetId, int SetCount)
{
    public const string Prefix = "x";

    public static bool TryParse(BlobName blob, out EpochBlobName name)
    {
        name = default;
        string text = blob.ToString();
        if (text.Length < 3 || text[0] != 'x')
        {
            return false;
        }

        EpochBlobKind? kind = text[1] switch
        {
            'e' => EpochBlobKind.Marker,
            'n' => EpochBlobKind.Index,
            's' => EpochBlobKind.Single,
            'r' => EpochBlobKind.Range,
            'w' => EpochBlobKind.Watermark,
            _ => null,
        };
        ReadOnlySpan<char> rest = text.AsSpan(2);
        if (kind is not { } known || !TryTakeNumber(ref rest, out long first, out bool hasMore))
        {
            return false;
        }

        long last = first;
        if (known == EpochBlobKind.Range && (!hasMore || !TryTakeNumber(ref rest, out last, out hasMore) || last < first))
        {
            return false;
        }

        if (!hasMore && known is EpochBlobKind.Index or EpochBlobKind.Single or EpochBlobKind.Range)
        {
            return false;
        }

        (string set, int count) = SetOf(text);
        name = new EpochBlobName(known, first, last, set, count);
        return true;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, out long number, out bool hasMore)
    {
        int end = rest.IndexOf('_');
        hasMore = end >= 0;
        ReadOnlySpan<char> digits = hasMore ? rest[..end] : rest;
        rest = hasMore ? rest[(end + 1)..] : [];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < int.MaxValue * 4L;
    }

    private static (string Id, int Count) SetOf(string text)
    {
        string[] parts = text.Split('-');
        bool isSet = parts.Length == 3 && parts[1].StartsWith('s') && parts[2].StartsWith('c');
        return isSet && int.TryParse(parts[2].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? (parts[1], count)
            : (text, 1);
    }
}
