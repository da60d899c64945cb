using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace BackupFunctions.Engine.Catalog.Archive;

/// <summary>What a reader needs of one tar header: where, what, how long.</summary>
internal readonly record struct TarEntryHeader(string Path, byte Type, long SizeBytes)
{
    /// <summary>Reads one block; false with a reason when it is no header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, out TarEntryHeader header, [NotNullWhen(false)] out string? problem)
    {
        header = default;
        if (!TryReadNumber(block.Slice(TarFormat.ChecksumOffset, TarFormat.ChecksumBytes), out long checksum)
            || checksum != TarFormat.Checksum(block))
        {
            problem = "the checksum of a header is wrong";
            return false;
        }

        if (!TryReadNumber(block.Slice(TarFormat.SizeOffset, TarFormat.SizeBytes), out long size) || size < 0)
        {
            problem = "the length of an entry is no number";
            return false;
        }

        string name = ReadText(block.Slice(TarFormat.NameOffset, TarFormat.NameBytes));
        bool ustar = block[TarFormat.MagicOffset..].StartsWith("ustar\0"u8);
        string prefix = ustar ? ReadText(block.Slice(TarFormat.PrefixOffset, TarFormat.PrefixBytes)) : "";
        header = new TarEntryHeader(prefix.Length == 0 ? name : $"{prefix}/{name}", block[TarFormat.TypeOffset], size);
        problem = null;
        return true;
    }

    /// <summary>The <c>path</c> and <c>size</c> of pax records; values that are absent stay null.</summary>
    public static bool TryReadPax(ReadOnlySpan<byte> records, out string? path, out long? sizeBytes)
    {
        path = null;
        sizeBytes = null;
        while (!records.IsEmpty)
        {
            int space = records.IndexOf((byte)' ');
            if (space <= 0
                || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || length <= space + 1 || length > records.Length || records[length - 1] != '\n')
            {
                return false;
            }

            ReadOnlySpan<byte> pair = records[(space + 1)..(length - 1)];
            int equals = pair.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return false;
            }

            ReadOnlySpan<byte> value = pair[(equals + 1)..];
            if (pair[..equals].SequenceEqual("path"u8))
            {
                path = Encoding.UTF8.GetString(value);
            }
            else if (pair[..equals].SequenceEqual("size"u8))
            {
                if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                {
                    return false;
                }

                sizeBytes = size;
            }

            records = records[length..];
        }

        return true;
    }

    private static string ReadText(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    // Octal text padded with spaces or NUL; or, by GNU's extension, big-endian binary when the first bit is set.
    private static bool TryReadNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            foreach (byte b in field[1..])
            {
                if (value > long.MaxValue >> 8)
                {
                    return false;
                }

                value = (value << 8) | b;
            }

            return field[0] == 0x80;
        }

        ReadOnlySpan<byte> digits = field.Trim(" \0"u8);
        foreach (byte b in digits)
        {
            if (b is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(b - '0');
        }

        return true;
    }
}
