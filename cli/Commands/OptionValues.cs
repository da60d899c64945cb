using System.CommandLine;
using System.CommandLine.Parsing;
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
