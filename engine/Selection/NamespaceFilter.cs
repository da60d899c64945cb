using System.Buffers;
using System.Text.RegularExpressions;

namespace BackupFunctions.Engine.Selection;

/// <summary>Which namespaces are taken. An empty include list means all; an exclude beats an include; both may hold patterns.</summary>
public sealed partial record NamespaceFilter(IReadOnlyList<string> Includes, IReadOnlyList<string> Excludes)
{
    private static readonly SearchValues<char> ForbiddenCharacters = SearchValues.Create("|()!{},");

    private const string Prefix = "Invalid included/excluded namespace lists: ";

    /// <summary>All namespaces.</summary>
    public static NamespaceFilter All { get; } = new([], []);

    /// <summary>Whether the lists themselves take everything, whatever namespaces there are.</summary>
    public bool IsUnfiltered => Excludes.Count == 0 && Includes is [] or ["*"];

    public bool Matches(string ns) =>
        !Excludes.Any(pattern => NamePattern.Matches(pattern, ns))
        && (Includes.Count == 0 || Includes.Any(pattern => NamePattern.Matches(pattern, ns)));

    /// <summary>Whether every active namespace is taken without an exclude: then cluster-scoped types are taken too.</summary>
    public bool IncludesEverything(IReadOnlyCollection<string> activeNamespaces) =>
        IsUnfiltered || (Excludes.Count == 0 && activeNamespaces.Count > 0 && activeNamespaces.All(Matches));

    /// <summary>Included names (not patterns) that do not exist: each is an error of the run, which goes on without it.</summary>
    public IReadOnlyList<string> MissingNames(IReadOnlyCollection<string> existingNamespaces) =>
        [.. Includes.Where(name => name.Length > 0 && !NamePattern.HasWildcard(name) && !existingNamespaces.Contains(name)).Distinct()];

    /// <summary>Everything that is wrong with the lists; empty when they can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (Includes.Count > 1 && Includes.Contains("*"))
        {
            problems.Add(Prefix + "includes list must either contain '*' only, or a non-empty list of items");
        }

        if (Excludes.Contains("*"))
        {
            problems.Add(Prefix + "excludes list cannot contain '*'");
        }

        problems.AddRange(Includes.Intersect(Excludes).Where(both => both != "*").Select(both => $"{Prefix}excludes list cannot contain an item in the includes list: {both}"));
        problems.AddRange(Includes.Concat(Excludes).Distinct().Select(Problem).OfType<string>().Select(problem => Prefix + problem));
        return problems;
    }

    private static string? Problem(string pattern)
    {
        if (pattern is "" or "*")
        {
            return null;
        }

        if (pattern.AsSpan().ContainsAny(ForbiddenCharacters))
        {
            return $"'{pattern}' contains one of the characters |()!{{}}, which patterns do not have";
        }

        if (pattern.Contains("**", StringComparison.Ordinal))
        {
            return $"'{pattern}' contains '**'";
        }

        string plain = SetPattern().Replace(pattern, "x").Replace('*', 'x').Replace('?', 'x');
        if (plain.AsSpan().IndexOfAny('[', ']') >= 0)
        {
            return $"'{pattern}' has a bracket that is empty or not closed";
        }

        return NamePatternText().IsMatch(plain) ? null : $"'{pattern}' is not the name of a namespace: use lower case letters, digits and '-', at most 63";
    }

    [GeneratedRegex(@"\[[^\[\]]+\]")]
    private static partial Regex SetPattern();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex NamePatternText();
}
