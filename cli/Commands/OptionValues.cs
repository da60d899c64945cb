using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Cli.Commands;

/// <summary>Makes options whose values have a form of their own: lists, pairs, selectors, durations, flags.</summary>
internal static class OptionValues
{
    /// <summary><c>a,b</c>; may be given several times.</summary>
    public static Option<string[]> List(string name, string description) =>
        new(name)
        {
            HelpName = "LIST",
            Description = description,
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        };

    /// <summary><c>key=value,key=value</c>; may be given several times.</summary>
    public static Option<Dictionary<string, string>> Pairs(string name, char separator, string description) =>
        new(name)
        {
            HelpName = $"A{separator}B,…",
            Description = description,
            CustomParser = result => ReadPairs(name, separator, result),
        };

    /// <summary><c>--flag</c>, <c>--flag=true</c>, <c>--flag=false</c>, or left open.</summary>
    public static Option<bool?> Flag(string name, string description) => new(name) { HelpName = "true|false", Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Go's form: <c>72h</c>, <c>1h30m</c>.</summary>
    public static Option<TimeSpan?> Duration(string name, string description)
    {
        Option<TimeSpan?> option = new(name) { HelpName = "DURATION", Description = description };
        option.CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (GoDuration.TryParse(text, out TimeSpan value) && value >= TimeSpan.Zero)
            {
                return value;
            }

            result.AddError($"'{text}' is not a duration for {name}; write it like 168h or 1h30m.");
            return null;
        };
        return option;
    }

    /// <summary>One of a few names, in upper or lower case; the description lists them.</summary>
    public static Option<string?> OneOf(string name, string what, IReadOnlyList<string> names, string description)
    {
        Option<string?> option = new(name) { HelpName = "NAME", Description = $"{description}: {string.Join(", ", names)}" };
        option.CompletionSources.Add(_ => names.Select(known => new System.CommandLine.Completions.CompletionItem(known)));
        option.CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string? found = names.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                result.AddError($"'{text}' is not a known {what}; choose one of {string.Join(", ", names)}.");
            }

            return found;
        };
        return option;
    }

    /// <summary>A number of bytes, or of KiB, MiB or GiB: <c>20M</c>, <c>20MiB</c>.</summary>
    public static Option<long?> Bytes(string name, string description)
    {
        Option<long?> option = new(name) { HelpName = "SIZE", Description = description };
        option.CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string number = text.TrimEnd('B', 'i');
            int shift = number.Length == 0 ? 0 : "KMGT".IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal) + 1;
            if (long.TryParse(shift > 0 ? number[..^1] : number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= long.MaxValue >> (10 * shift))
            {
                return value << (10 * shift);
            }

            result.AddError($"'{text}' is not a size for {name}; write it like 20M.");
            return null;
        };
        return option;
    }

    /// <summary>The catalog's form of a selector; null for an empty text.</summary>
    /// <exception cref="BackupException">InvalidInput.</exception>
    public static LabelSelector? Selector(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return Engine.Cluster.LabelSelector.Parse(text).ToJson().Deserialize(CatalogJsonContext.Default.LabelSelector);
    }

    /// <summary><c>a=b or c=d</c>.</summary>
    /// <exception cref="BackupException">InvalidInput.</exception>
    public static IReadOnlyList<LabelSelector>? OrSelectors(string? text) =>
        text is null ? null : [.. text.Split(" or ", StringSplitOptions.TrimEntries).Select(Selector).OfType<LabelSelector>()];

    private static Dictionary<string, string>? ReadPairs(string name, char separator, ArgumentResult result)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (string pair in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            int at = pair.IndexOf(separator, StringComparison.Ordinal);
            if (at <= 0)
            {
                result.AddError($"'{pair}' in {name} is not of the form a{separator}b.");
                return null;
            }

            if (!pairs.TryAdd(pair[..at], pair[(at + 1)..]))
            {
                result.AddError($"'{pair[..at]}' stands twice in {name}.");
                return null;
            }
        }

        return pairs;
    }
}
