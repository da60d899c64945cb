using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Engine.Files;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Names of files as the text of entries.</summary>
internal static class EntryNames
{
    /// <summary>Enough to keep the names of one directory apart.</summary>
    private const int HashBytes = 12;

    /// <summary>Whether the name is UTF-8, so that text holds all of it.</summary>
    public static bool IsText(FileName name) => System.Text.Unicode.Utf8.IsValid(name.Bytes);

    /// <summary>
    /// The name as text. A byte that is not UTF-8 becomes U+FFFD and its two hex digits: the U+FFFD is what Kopia writes, the digits
    /// keep names apart that differ in such bytes only. The bytes themselves are kept beside it. A text that would be too long for
    /// the name of a file, which Kopia makes of it when it restores, ends with a hash of the bytes instead.
    /// </summary>
    public static string ToText(FileName name)
    {
        if (IsText(name))
        {
            return Encoding.UTF8.GetString(name.Bytes);
        }

        StringBuilder text = new();
        ReadOnlySpan<byte> bytes = name.Bytes;
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed);
            if (status == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte b in bytes[..consumed])
                {
                    text.Append('\uFFFD').Append(b.ToString("x2", CultureInfo.InvariantCulture));
                }
            }

            bytes = bytes[consumed..];
        }

        string whole = text.ToString();
        return Encoding.UTF8.GetByteCount(whole) <= FileName.MaxBytes ? whole : Shorten(whole, name);
    }

    /// <summary>The path of an entry relative to the root, for people.</summary>
    public static string Join(string parent, FileName name) => parent.Length == 0 ? name.ToString() : parent + "/" + name;

    /// <summary>The path of an entry relative to the root, for people.</summary>
    public static string Join(string parent, string name) => parent.Length == 0 ? name : parent + "/" + name;

    private static string Shorten(string text, FileName name)
    {
        string end = "\uFFFD" + Convert.ToHexStringLower(SHA256.HashData(name.Bytes).AsSpan(0, HashBytes));
        int room = FileName.MaxBytes - Encoding.UTF8.GetByteCount(end);
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length] + end;
    }
}
