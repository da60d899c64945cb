using System.Buffers;
using System.Globalization;
using System.Text;

namespace BackupFunctions.Engine.Catalog.Text;

/// <summary>Values of log fields: bare when they are plain, otherwise quoted as Go's %q does, so that a line is always one line.</summary>
internal static class LogText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/@^+");

    public static void Append(StringBuilder line, string value)
    {
        if (!value.AsSpan().ContainsAnyExcept(Plain))
        {
            line.Append(value);
            return;
        }

        line.Append('"');
        foreach (Rune rune in value.EnumerateRunes())
        {
            AppendQuoted(line, rune);
        }

        line.Append('"');
    }

    private static void AppendQuoted(StringBuilder line, Rune rune)
    {
        string? escape = rune.Value switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            '\a' => @"\a",
            '\b' => @"\b",
            '\f' => @"\f",
            '\n' => @"\n",
            '\r' => @"\r",
            '\t' => @"\t",
            '\v' => @"\v",
            _ => null,
        };
        if (escape is not null)
        {
            line.Append(escape);
        }
        else if (rune.Value is < ' ' or 0x7f)
        {
            line.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        }
        else if (IsUnprintable(rune))
        {
            line.Append(rune.IsBmp ? "\\u" : "\\U").Append(rune.Value.ToString(rune.IsBmp ? "x4" : "x8", CultureInfo.InvariantCulture));
        }
        else
        {
            line.Append(rune.ToString());
        }
    }

    private static bool IsUnprintable(Rune rune) => rune.Value != ' ' && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
