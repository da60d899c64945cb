using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Name of a content: an optional letter <c>g</c>..<c>z</c> and the keyed hash of its plain bytes (1 to 32 bytes, written as hex).
/// Ordered as indexes are: no letter first, then by letter, then by the hash's bytes. <c>default</c> is no content.
/// </summary>
public readonly record struct ContentId : IComparable<ContentId>
{
    /// <summary>Longest hash.</summary>
    public const int MaxHashLength = 32;

    /// <summary>Longest key in an index: the letter's byte and the hash.</summary>
    public const int MaxKeyLength = 1 + MaxHashLength;

    // The hash as four big-endian words, zero-filled, so that comparing words compares bytes.
    private readonly ulong _word0;
    private readonly ulong _word1;
    private readonly ulong _word2;
    private readonly ulong _word3;
    private readonly byte _prefix;
    private readonly byte _hashLength;

    /// <param name="prefix">The letter, or '\0' for none.</param>
    /// <param name="hash">1 to 32 bytes.</param>
    public ContentId(char prefix, ReadOnlySpan<byte> hash)
    {
        if (!IsPrefix(prefix))
        {
            throw new ArgumentOutOfRangeException(nameof(prefix), prefix, "A content's letter is one of g to z.");
        }

        if (hash.IsEmpty || hash.Length > MaxHashLength)
        {
            throw new ArgumentException($"A content's hash has 1 to {MaxHashLength} bytes, not {hash.Length}.", nameof(hash));
        }

        Span<byte> padded = stackalloc byte[MaxHashLength];
        hash.CopyTo(padded);
        padded[hash.Length..].Clear();
        _word0 = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _word1 = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        _word2 = BinaryPrimitives.ReadUInt64BigEndian(padded[16..]);
        _word3 = BinaryPrimitives.ReadUInt64BigEndian(padded[24..]);
        _prefix = (byte)prefix;
        _hashLength = (byte)hash.Length;
    }

    /// <summary>The letter, or '\0' for none.</summary>
    public char Prefix => (char)_prefix;

    /// <summary>Whether there is a letter: such contents lie in <c>q</c> packs.</summary>
    public bool HasPrefix => _prefix != 0;

    /// <summary>Bytes of the hash; 0 only in <c>default</c>.</summary>
    public int HashLength => _hashLength;

    /// <summary>Bytes of the key in an index.</summary>
    internal int KeyLength => 1 + _hashLength;

    /// <exception cref="FormatException">The text is not a content's name.</exception>
    public static ContentId Parse(string text) =>
        TryParse(text, out ContentId id) ? id : throw new FormatException($"'{text}' is not a content ID.");

    public static bool TryParse([NotNullWhen(true)] string? text, out ContentId id) => TryParse(text.AsSpan(), out id);

    public static bool TryParse(ReadOnlySpan<char> text, out ContentId id)
    {
        id = default;
        char prefix = '\0';
        if ((text.Length & 1) == 1)
        {
            prefix = text[0];
            text = text[1..];
            if (prefix == '\0' || !IsPrefix(prefix))
            {
                return false;
            }
        }

        if (text.IsEmpty || text.Length > 2 * MaxHashLength)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[MaxHashLength];
        if (!LowerHex.TryDecode(text, hash[..(text.Length / 2)]))
        {
            return false;
        }

        id = new ContentId(prefix, hash[..(text.Length / 2)]);
        return true;
    }

    /// <summary>Copies the hash to the start of <paramref name="destination"/>, which takes <see cref="HashLength"/> bytes.</summary>
    public void CopyHashTo(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[MaxHashLength];
        BinaryPrimitives.WriteUInt64BigEndian(padded, _word0);
        BinaryPrimitives.WriteUInt64BigEndian(padded[8..], _word1);
        BinaryPrimitives.WriteUInt64BigEndian(padded[16..], _word2);
        BinaryPrimitives.WriteUInt64BigEndian(padded[24..], _word3);
        padded[.._hashLength].CopyTo(destination);
    }

    /// <summary>Copies the index key (letter or zero byte, then the hash).</summary>
    internal void CopyKeyTo(Span<byte> destination)
    {
        destination[0] = _prefix;
        CopyHashTo(destination[1..]);
    }

    /// <summary>Reads an index key. The caller checked its length and <see cref="IsKeyPrefix"/>.</summary>
    internal static ContentId FromKey(ReadOnlySpan<byte> key) => new((char)key[0], key[1..]);

    /// <summary>Whether an index key may start with this byte.</summary>
    internal static bool IsKeyPrefix(byte value) => IsPrefix((char)value);

    public int CompareTo(ContentId other)
    {
        int order = _prefix.CompareTo(other._prefix);
        order = order != 0 ? order : _word0.CompareTo(other._word0);
        order = order != 0 ? order : _word1.CompareTo(other._word1);
        order = order != 0 ? order : _word2.CompareTo(other._word2);
        order = order != 0 ? order : _word3.CompareTo(other._word3);
        return order != 0 ? order : _hashLength.CompareTo(other._hashLength);
    }

    public override int GetHashCode() => HashCode.Combine(_word0, _prefix); // the words are random bits already

    public static bool operator <(ContentId left, ContentId right) => left.CompareTo(right) < 0;

    public static bool operator >(ContentId left, ContentId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ContentId left, ContentId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ContentId left, ContentId right) => left.CompareTo(right) >= 0;

    public override string ToString()
    {
        if (_hashLength == 0)
        {
            return "(no content)";
        }

        Span<byte> hash = stackalloc byte[MaxHashLength];
        CopyHashTo(hash);
        string hex = Convert.ToHexStringLower(hash[.._hashLength]);
        return _prefix == 0 ? hex : Prefix + hex;
    }

    private static bool IsPrefix(char c) => c is '\0' or (>= 'g' and <= 'z');
}
