using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BackupFunctions.Engine.Catalog.Archive;

/// <summary>
/// The tar format, POSIX.1-2001 (ustar with pax records): a 512-byte header, the content, zeros up to the next 512; two zero blocks
/// end the archive. Numbers are octal text. The header's fields lie one after the other in the order of the constants below.
/// </summary>
internal static class TarFormat
{
    public const int BlockBytes = 512;

    public const byte RegularFile = (byte)'0';
    public const byte OldRegularFile = 0;
    public const byte PaxRecords = (byte)'x';
    public const byte PaxGlobalRecords = (byte)'g';
    public const byte GnuLongName = (byte)'L';

    public const int NameBytes = 100;
    public const int PrefixBytes = 155;

    public const int ModeOffset = NameOffset + NameBytes;
    public const int SizeOffset = ModeOffset + 8 + 8 + 8;
    public const int SizeBytes = 12;
    public const int ModifiedOffset = SizeOffset + SizeBytes;
    public const int ChecksumOffset = ModifiedOffset + 12;
    public const int ChecksumBytes = 8;
    public const int TypeOffset = ChecksumOffset + ChecksumBytes;
    public const int MagicOffset = TypeOffset + 1 + 100;
    public const int PrefixOffset = MagicOffset + 8 + 32 + 32 + 8 + 8;
    public const int NameOffset = 0;

    /// <summary>How many zeros follow content of this length.</summary>
    public static int PaddingAfter(long lengthBytes) => (int)(-lengthBytes & (BlockBytes - 1));

    /// <summary>The sum over the header with its checksum field taken as spaces.</summary>
    public static int Checksum(ReadOnlySpan<byte> header)
    {
        int sum = 0;
        for (int i = 0; i < BlockBytes; i++)
        {
            sum += i is >= ChecksumOffset and < ChecksumOffset + ChecksumBytes ? ' ' : header[i];
        }

        return sum;
    }

    /// <summary>
    /// Where a path is cut into prefix and name so that both fit their fields, or -1 when there is no such place and the path needs a
    /// pax record; 0 means that the whole path fits the name.
    /// </summary>
    public static int SplitOf(string path)
    {
        if (!Ascii.IsValid(path))
        {
            return -1;
        }

        if (path.Length <= NameBytes)
        {
            return 0;
        }

        // The cut is at a slash that belongs to neither side.
        int slash = path.AsSpan(0, Math.Min(path.Length, PrefixBytes + 1)).LastIndexOf('/');
        return slash > 0 && path.Length - slash - 1 is > 0 and <= NameBytes ? slash : -1;
    }

    /// <summary>Writes one header block. The name and prefix must fit their fields.</summary>
    public static void WriteHeader(Span<byte> header, ReadOnlySpan<char> prefix, ReadOnlySpan<char> name, int mode, long sizeBytes, DateTimeOffset modified, byte type)
    {
        Debug.Assert(prefix.Length <= PrefixBytes && name.Length <= NameBytes, "The path was not split.");
        header[..BlockBytes].Clear();
        Encoding.ASCII.GetBytes(name, header[NameOffset..]);
        WriteOctal(header.Slice(ModeOffset, 8), mode);
        WriteOctal(header.Slice(ModeOffset + 8, 8), 0);
        WriteOctal(header.Slice(ModeOffset + 16, 8), 0);
        WriteOctal(header.Slice(SizeOffset, SizeBytes), sizeBytes);
        WriteOctal(header.Slice(ModifiedOffset, 12), modified.ToUnixTimeSeconds());
        header[TypeOffset] = type;
        "ustar\000"u8.CopyTo(header[MagicOffset..]);
        WriteOctal(header.Slice(PrefixOffset - 16, 8), 0);
        WriteOctal(header.Slice(PrefixOffset - 8, 8), 0);
        Encoding.ASCII.GetBytes(prefix, header[PrefixOffset..]);
        WriteOctal(header.Slice(ChecksumOffset, ChecksumBytes - 1), Checksum(header));
        header[ChecksumOffset + ChecksumBytes - 1] = (byte)' ';
    }

    /// <summary>One pax record: <c>length key=value\n</c>, where the length counts itself.</summary>
    public static byte[] PaxRecord(string key, string value)
    {
        int rest = Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value) + " =\n".Length;
        int length = rest;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length = rest + length.ToString(CultureInfo.InvariantCulture).Length;
        }

        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {key}={value}\n"));
    }

    private static void WriteOctal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (int i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }

        Debug.Assert(value == 0, "The number is too large for its field.");
    }
}
