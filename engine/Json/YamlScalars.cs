using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Json;

/// <summary>
/// What a plain YAML scalar means. Follows YAML 1.1 as far as Kubernetes' tools do: yes/no/on/off are booleans, a leading 0 means
/// octal, times stay text. A number that JSON can spell keeps its spelling (<c>1.0</c>, <c>1e3</c>, 64-bit integers).
/// </summary>
internal static class YamlScalars
{
    /// <summary>The JSON value of a plain scalar; null for YAML's null.</summary>
    public static JsonNode? Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        _ => ToJsonNumber(text) is { } number ? JsonNode.Parse(number) : JsonValue.Create(text),
    };

    /// <summary>Whether a string may be written plain: no reader, old or new, would take it for anything but this string.</summary>
    public static bool IsSafePlain(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiLetter(text[0]) || text[0] is '/' or '_') || text[^1] is ' ' or ':' || IsWord(text))
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool plain = char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '.' or '+' or '=' or '@' or ';' or '(' or ')' or '$'
                || (c == ':' && text[i + 1] != ' ')
                || (c == ' ' && text[i + 1] is not (' ' or '#'));
            if (!plain)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWord(string text) => text.ToLowerInvariant() is "null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n";

    private static string? ToJsonNumber(string text)
    {
        if (!(char.IsAsciiDigit(text[0]) || (text[0] is '-' or '+' or '.' && text.Length > 1)))
        {
            return null;
        }

        bool negative = text[0] == '-';
        string digits = text[0] is '-' or '+' ? text[1..] : text;
        if (digits.Length > 2 && digits[0] == '0' && digits[1] is 'x' or 'o' or 'b')
        {
            return FromRadix(digits[2..], digits[1] switch { 'x' => 16, 'o' => 8, _ => 2 }, negative);
        }

        if (digits.Length > 1 && digits[0] == '0' && digits.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return FromRadix(digits[1..], 8, negative);
        }

        return NormalizeDecimal(digits) is { } number ? (negative ? "-" : "") + number : null;
    }

    /// <summary>Reads <c>[0-9]*[.[0-9]*][(e|E)[+-][0-9]+]</c>; what JSON forbids (<c>.5</c>, <c>5.</c>, <c>01.5</c>) is filled up, the rest is kept.</summary>
    private static string? NormalizeDecimal(string text)
    {
        int whole = CountDigits(text, 0);
        int position = whole;
        int fraction = 0;
        bool dot = position < text.Length && text[position] == '.';
        if (dot)
        {
            fraction = CountDigits(text, position + 1);
            position += 1 + fraction;
        }

        if (whole + fraction == 0)
        {
            return null;
        }

        string exponent = "";
        if (position < text.Length && text[position] is 'e' or 'E')
        {
            int start = position++;
            position += position < text.Length && text[position] is '+' or '-' ? 1 : 0;
            int digits = CountDigits(text, position);
            if (digits == 0)
            {
                return null;
            }

            position += digits;
            exponent = text[start..position];
        }

        if (position != text.Length)
        {
            return null;
        }

        string wholeText = text[..whole].TrimStart('0') is { Length: > 0 } significant ? significant : "0";
        return wholeText + (dot ? "." + (fraction == 0 ? "0" : text.Substring(whole + 1, fraction)) : "") + exponent;
    }

    private static int CountDigits(string text, int start)
    {
        int rest = text.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        return rest < 0 ? text.Length - start : rest;
    }

    private static string? FromRadix(string digits, int radix, bool negative)
    {
        BigInteger value = BigInteger.Zero;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? int.Parse(c.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return (negative ? -value : value).ToString(CultureInfo.InvariantCulture);
    }
}
