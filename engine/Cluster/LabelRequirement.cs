namespace BackupFunctions.Engine.Cluster;

/// <summary>One condition of a label selector.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator">What is demanded of it.</param>
/// <param name="Values">The values of In and NotIn; empty for the other two.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether an object whose label has this value (null: none) meets the condition.</summary>
    public bool Matches(string? value) => Operator switch
    {
        LabelOperator.In => value is not null && Values.Contains(value, StringComparer.Ordinal),
        LabelOperator.NotIn => value is null || !Values.Contains(value, StringComparer.Ordinal),
        LabelOperator.Exists => value is not null,
        _ => value is null,
    };

    /// <summary>The condition in the API's query form, as <c>tier in (a,b)</c>.</summary>
    public override string ToString() => (Operator, Values) switch
    {
        (LabelOperator.In, [var only]) => $"{Key}={only}",
        (LabelOperator.NotIn, [var only]) => $"{Key}!={only}",
        (LabelOperator.In, _) => $"{Key} in ({string.Join(',', Values)})",
        (LabelOperator.NotIn, _) => $"{Key} notin ({string.Join(',', Values)})",
        (LabelOperator.Exists, _) => Key,
        _ => "!" + Key,
    };
}
