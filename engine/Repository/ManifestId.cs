using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository;

/// <summary>Name of a manifest entry: 16 random bytes, written as hex. <c>default</c> is all zero and names nothing.</summary>
public readonly record struct ManifestId(UInt128 Value) : IComparable<ManifestId>
{
    private const int LengthBytes = 16;

    /// <summary>A new random name.</summary>
    public static ManifestId NewRandom()
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        RandomNumberGenerator.Fill(bytes);
        return new ManifestId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <exception cref="FormatException">The text is not 32 lowercase hex digits.</exception>
    public static ManifestId Parse(string text) =>
        TryParse(text, out ManifestId id) ? id : throw new FormatException($"'{text}' is not a manifest ID (32 lowercase hex digits).");

    public static bool TryParse([NotNullWhen(true)] string? text, out ManifestId id)
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        bool isHex = LowerHex.TryDecode(text, bytes);
        id = isHex ? new ManifestId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return isHex;
    }

    public int CompareTo(ManifestId other) => Value.CompareTo(other.Value);

    public static bool operator <(ManifestId left, ManifestId right) => left.Value < right.Value;

    public static bool operator >(ManifestId left, ManifestId right) => left.Value > right.Value;

    public static bool operator <=(ManifestId left, ManifestId right) => left.Value <= right.Value;

    public static bool operator >=(ManifestId left, ManifestId right) => left.Value >= right.Value;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return Convert.ToHexStringLower(bytes);
    }
}
