namespace BackupFunctions.Engine.Catalog;

/// <summary>Kubernetes' LabelSelector as it stands in Velero's specs; all of it must match.</summary>
public sealed record LabelSelector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<LabelSelectorRequirement>? MatchExpressions { get; init => field = Absent.IfEmpty(value); }

    /// <summary>The selector in the form of the command line (<c>app=a,tier in (x,y)</c>); <c>&lt;none&gt;</c> when it is empty.</summary>
    public string ToText()
    {
        List<string> parts = [];
        foreach ((string key, string value) in MatchLabels ?? new Dictionary<string, string>())
        {
            parts.Add($"{key}={value}");
        }

        foreach (LabelSelectorRequirement requirement in MatchExpressions ?? [])
        {
            string values = string.Join(',', requirement.Values ?? []);
            parts.Add(requirement.Operator switch
            {
                "In" => $"{requirement.Key} in ({values})",
                "NotIn" => $"{requirement.Key} notin ({values})",
                "Exists" => $"{requirement.Key}",
                "DoesNotExist" => $"!{requirement.Key}",
                _ => $"{requirement.Key} {requirement.Operator} ({values})",
            });
        }

        return parts.Count == 0 ? "<none>" : string.Join(',', parts);
    }
}

/// <summary>One expression of a <see cref="LabelSelector"/>.</summary>
public sealed record LabelSelectorRequirement
{
    public string? Key { get; init; }

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    public string? Operator { get; init; }

    public IReadOnlyList<string>? Values { get; init => field = Absent.IfEmpty(value); }
}
