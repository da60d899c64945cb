using System.Buffers;
using System.Globalization;
using System.Text;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>
/// JSON byte for byte as Go's encoding/json writes it: no blanks, HTML characters and U+2028/9 escaped. Only equal bytes make equal
/// contents, so only so do unchanged directories cost nothing whichever program wrote them first.
/// </summary>
internal static class GoJson
{
    /// <summary>What is written as it is, in one byte.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c).Except("\"\\<>&")]);

    public static void Raw(this IBufferWriter<byte> output, ReadOnlySpan<byte> json) => output.Write(json);

    public static void Number(this IBufferWriter<byte> output, long value)
    {
        Span<byte> digits = output.GetSpan(20);
        value.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    public static void Base64(this IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        output.Write("\""u8);
        Span<byte> text = output.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, text, out _, out int length);
        output.Advance(length);
        output.Write("\""u8);
    }

    public static void Time(this IBufferWriter<byte> output, UnixNanos time) => output.Text(time.ToString());

    public static void Text(this IBufferWriter<byte> output, string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            Span<byte> whole = output.GetSpan(text.Length + 2);
            whole[0] = whole[text.Length + 1] = (byte)'"';
            Encoding.ASCII.GetBytes(text, whole[1..]);
            output.Advance(text.Length + 2);
            return;
        }

        output.Write("\""u8);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            ReadOnlySpan<byte> escape = EscapeOf(rune.Value);
            if (!escape.IsEmpty)
            {
                output.Write(escape);
            }
            else if (rune.Value is < ' ' or '<' or '>' or '&' or 0x2028 or 0x2029)
            {
                output.Write("\\u"u8);
                Span<byte> digits = output.GetSpan(4);
                rune.Value.TryFormat(digits, out int length, "x4", CultureInfo.InvariantCulture);
                output.Advance(length);
            }
            else
            {
                output.Write(utf8[..rune.EncodeToUtf8(utf8)]);
            }
        }

        output.Write("\""u8);
    }

    private static ReadOnlySpan<byte> EscapeOf(int character) => character switch
    {
        '"' => "\\\""u8,
        '\\' => "\\\\"u8,
        '\b' => "\\b"u8,
        '\f' => "\\f"u8,
        '\n' => "\\n"u8,
        '\r' => "\\r"u8,
        '\t' => "\\t"u8,
        _ => default,
    };
}
