using System.CommandLine;
using BackupFunctions.Cli.Client;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary>The arguments that say which objects of a kind are meant: names, or labels, or all.</summary>
internal sealed class ObjectSelection<T>(Noun<T> noun)
{
    private readonly Argument<string[]> names = new("NAME") { Arity = ArgumentArity.ZeroOrMore, Description = $"Names of {noun.Plural}" };
    private readonly Option<string?> selector = new("--selector", "-l") { HelpName = "SELECTOR", Description = "Only those with these labels, as app=web,tier in (a,b)" };
    private readonly Option<bool> all = new("--all") { Description = $"All {noun.Plural}" };

    /// <summary>Adds the arguments; <paramref name="withAll"/> where nothing said must not mean all.</summary>
    public void AddTo(Command command, bool withAll)
    {
        command.Arguments.Add(names);
        command.Options.Add(selector);
        if (withAll)
        {
            command.Options.Add(all);
        }
    }

    /// <summary>Whether exactly one was named, so that one object and no list is the answer.</summary>
    public bool IsOne(ParseResult parsed) => parsed.GetValue(names) is { Length: 1 };

    public async Task<IReadOnlyList<T>> ReadAsync(ParseResult parsed, IObjectClient<T> client, CancellationToken cancellationToken)
    {
        string[] named = parsed.GetValue(names) ?? [];
        string? labels = parsed.GetValue(selector);
        if (named.Length > 0 && (labels is not null || parsed.GetValue(all)))
        {
            throw new BackupException(ErrorKind.InvalidInput, $"Names of {noun.Plural} cannot be given together with --selector or --all.", "Give the one or the other.");
        }

        List<T> found = [];
        if (named.Length > 0)
        {
            foreach (string name in named.Distinct(StringComparer.Ordinal))
            {
                found.Add(await client.GetAsync(name, cancellationToken));
            }

            return found;
        }

        LabelSelector wanted = LabelSelector.Parse(labels ?? "");
        await foreach (T value in client.ListAsync(cancellationToken))
        {
            if (wanted.Requirements.All(requirement => requirement.Matches(noun.Metadata(value).Label(requirement.Key))))
            {
                found.Add(value);
            }
        }

        return found;
    }

    /// <summary>Like <see cref="ReadAsync"/>, but something must have been said.</summary>
    public Task<IReadOnlyList<T>> ReadSaidAsync(ParseResult parsed, IObjectClient<T> client, CancellationToken cancellationToken) =>
        parsed.GetValue(names) is { Length: > 0 } || parsed.GetValue(selector) is not null || parsed.GetValue(all)
            ? ReadAsync(parsed, client, cancellationToken)
            : throw new BackupException(ErrorKind.InvalidInput, $"No {noun.Singular} is named.", "Give names, --selector or --all.");
}
