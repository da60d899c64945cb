using System.Text.RegularExpressions;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Kubernetes' rule for object names, DNS-1123 subdomain, said in a way that helps.</summary>
internal static partial class NameRules
{
    public const int MaxLength = 253;

    /// <summary>Null when the text is a good name, else what is wrong with it and what is allowed.</summary>
    public static string? Problem(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "it is empty; " + Allowed;
        }

        if (text.Length > MaxLength)
        {
            return $"it has {text.Length} characters; {Allowed}";
        }

        return Subdomain().IsMatch(text) ? null : $"{Fault(text)}; {Allowed}";
    }

    private const string Allowed =
        "allowed are 1 to 253 of the characters a-z, 0-9, '-' and '.', where every part between dots begins and ends with a letter or digit";

    private static string Fault(string text)
    {
        foreach (char c in text)
        {
            if (c is '/' or '\\')
            {
                return "it has a slash";
            }

            if (char.IsAsciiLetterUpper(c))
            {
                return "it has an upper-case letter";
            }

            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.'))
            {
                return char.IsControl(c) || char.IsSurrogate(c) ? $"it has the character U+{(int)c:X4}" : $"it has the character '{c}'";
            }
        }

        return text.Contains("..", StringComparison.Ordinal)
            ? "it has two dots in a row"
            : "a part of it begins or ends with '-' or '.'";
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();
}
