namespace BackupFunctions.Engine.Selection;

/// <summary>The filters of types as the user gave them: the old style (first three) or the new (last four), not both.</summary>
public sealed record ResourceFilterSpec
{
    private const string ListPrefix = "Invalid included/excluded resource lists: ";
    private const string ClusterPrefix = "Invalid cluster-scoped included/excluded resource lists: ";
    private const string NamespacePrefix = "Invalid namespace-scoped included/excluded resource lists: ";

    public IReadOnlyList<string> IncludedResources { get; init; } = [];

    public IReadOnlyList<string> ExcludedResources { get; init; } = [];

    public bool? IncludeClusterResources { get; init; }

    public IReadOnlyList<string> IncludedClusterScoped { get; init; } = [];

    public IReadOnlyList<string> ExcludedClusterScoped { get; init; } = [];

    public IReadOnlyList<string> IncludedNamespaceScoped { get; init; } = [];

    public IReadOnlyList<string> ExcludedNamespaceScoped { get; init; } = [];

    public bool IsOldStyle => IncludedResources.Count > 0 || ExcludedResources.Count > 0 || IncludeClusterResources is not null;

    public bool IsNewStyle =>
        IncludedClusterScoped.Count > 0 || ExcludedClusterScoped.Count > 0 || IncludedNamespaceScoped.Count > 0 || ExcludedNamespaceScoped.Count > 0;

    /// <summary>Everything that is wrong with the filters; empty when they can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (IsOldStyle && IsNewStyle)
        {
            problems.Add("include-resources, exclude-resources and include-cluster-resources are old filter parameters; they cannot be used together with "
                + "include-cluster-scoped-resources, exclude-cluster-scoped-resources, include-namespace-scoped-resources and exclude-namespace-scoped-resources");
        }

        if (IncludedResources.Count > 1 && IncludedResources.Contains("*"))
        {
            problems.Add(ListPrefix + "includes list must either contain '*' only, or a non-empty list of items");
        }

        if (ExcludedResources.Contains("*"))
        {
            problems.Add(ListPrefix + "excludes list cannot contain '*'");
        }

        AddDoubles(problems, ListPrefix, IncludedResources, ExcludedResources);
        AddNewStyle(problems, ClusterPrefix, IncludedClusterScoped, ExcludedClusterScoped);
        AddNewStyle(problems, NamespacePrefix, IncludedNamespaceScoped, ExcludedNamespaceScoped);
        return problems;
    }

    private static void AddNewStyle(List<string> problems, string prefix, IReadOnlyList<string> includes, IReadOnlyList<string> excludes)
    {
        foreach ((string name, IReadOnlyList<string> list) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)[("includes", includes), ("excludes", excludes)])
        {
            if (list.Count > 1 && list.Contains("*"))
            {
                problems.Add($"{prefix}{name} list must either contain '*' only, or a non-empty list of items");
            }
        }

        if (excludes.Contains("*") && includes.Count > 0)
        {
            problems.Add(prefix + "when exclude is '*', include cannot have value");
        }

        AddDoubles(problems, prefix, includes, excludes);
    }

    private static void AddDoubles(List<string> problems, string prefix, IReadOnlyList<string> includes, IReadOnlyList<string> excludes) =>
        problems.AddRange(includes.Intersect(excludes).Where(both => both != "*").Select(both => $"{prefix}excludes list cannot contain an item in the includes list: {both}"));
}
