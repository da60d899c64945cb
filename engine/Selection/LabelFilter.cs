using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Selection;

/// <summary>The label filter of a backup or restore: one selector, or several of which one has to match.</summary>
/// <param name="Selector">labelSelector, or null.</param>
/// <param name="AnyOf">orLabelSelectors; empty for none.</param>
public sealed record LabelFilter(LabelSelector? Selector, IReadOnlyList<LabelSelector> AnyOf)
{
    /// <summary>Every object.</summary>
    public static LabelFilter All { get; } = new(null, []);

    public bool IsUnfiltered => Selector is not { Requirements.Count: > 0 } && AnyOf.Count == 0;

    /// <summary>What the lists of the API are asked with, one list call each; objects may come in several of them. Null asks for all.</summary>
    public IReadOnlyList<string?> Queries => (Selector, AnyOf) switch
    {
        ({ Requirements.Count: > 0 } one, _) => [one.ToString()],
        (_, { Count: > 0 } several) => [.. several.Select(selector => selector.Requirements.Count == 0 ? null : selector.ToString())],
        _ => [null],
    };

    public bool Matches(KubeObject value) => Selector?.Matches(value) != false && (AnyOf.Count == 0 || AnyOf.Any(selector => selector.Matches(value)));

    /// <summary>What is wrong with the filter; empty when it can be used.</summary>
    public IReadOnlyList<string> Validate() => Selector is not null && AnyOf.Count > 0
        ? ["encountered labelSelector as well as orLabelSelectors in backup spec, only one can be specified"]
        : [];
}
