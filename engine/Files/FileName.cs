using System.Buffers;
using System.Globalization;
using System.Text;

namespace BackupFunctions.Engine.Files;

/// <summary>
/// One name in a directory: 1 to 255 bytes of any value but '/' and NUL, and neither "." nor "..". Names are bytes, not text: they
/// need not be UTF-8. Ordered by their bytes. <c>default</c> is no name and fits nowhere.
/// </summary>
public readonly struct FileName : IEquatable<FileName>, IComparable<FileName>
{
    /// <summary>Longest name of Linux.</summary>
    public const int MaxBytes = 255;

    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("/\0"u8);

    private readonly byte[]? _bytes;

    private FileName(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes of the name.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes ?? throw new InvalidOperationException("This file name was never set.");

    /// <summary>Takes the bytes as a name when they may be one.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out FileName name)
    {
        bool isName = bytes.Length is > 0 and <= MaxBytes
            && !bytes.SequenceEqual("."u8) && !bytes.SequenceEqual(".."u8)
            && !bytes.ContainsAny(Forbidden);
        name = isName ? new FileName(bytes.ToArray()) : default;
        return isName;
    }

    /// <summary>The name that is this text in UTF-8.</summary>
    /// <exception cref="FormatException">The text cannot be a name.</exception>
    public static FileName Parse(string text) =>
        TryCreate(Encoding.UTF8.GetBytes(text), out FileName name)
            ? name
            : throw new FormatException($"'{text}' cannot be the name of a file: it is empty, '.', '..', holds '/' or NUL, or is longer than {MaxBytes} bytes.");

    public int CompareTo(FileName other) => Bytes.SequenceCompareTo(other.Bytes);

    public bool Equals(FileName other) => _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => obj is FileName other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    public static bool operator ==(FileName left, FileName right) => left.Equals(right);

    public static bool operator !=(FileName left, FileName right) => !left.Equals(right);

    public static bool operator <(FileName left, FileName right) => left.CompareTo(right) < 0;

    public static bool operator >(FileName left, FileName right) => left.CompareTo(right) > 0;

    public static bool operator <=(FileName left, FileName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FileName left, FileName right) => left.CompareTo(right) >= 0;

    /// <summary>The name for people: bytes that are not UTF-8 and control characters as <c>\xNN</c>.</summary>
    public override string ToString() => ToDisplay(_bytes);

    /// <summary>Any bytes for people: what is not UTF-8 and control characters as <c>\xNN</c>.</summary>
    internal static string ToDisplay(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed);
            if (status == OperationStatus.Done && !Rune.IsControl(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte b in bytes[..consumed])
                {
                    text.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
                }
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }
}
