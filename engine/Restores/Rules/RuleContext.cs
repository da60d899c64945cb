namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>What the rules must know besides the object itself.</summary>
internal sealed record RuleContext
{
    /// <summary>Namespace in the backup to namespace in the cluster; names not in it stay.</summary>
    public required IReadOnlyDictionary<string, string> NamespaceMapping { get; init; }

    /// <summary>Whether node ports stay even where nobody asked for a certain one.</summary>
    public bool PreserveNodePorts { get; init; }

    /// <summary>
    /// Names of persistent volumes whose data comes back through a new volume: the old object is not restored, its claim is
    /// provisioned anew.
    /// </summary>
    public IReadOnlySet<string> ProvisionedAnew { get; init; } = new HashSet<string>();

    /// <summary>Controllers that are in the backup, as <c>Kind/namespace/name</c>: what they own they make again themselves.</summary>
    public IReadOnlySet<string> Controllers { get; init; } = new HashSet<string>();

    public string Map(string ns) => NamespaceMapping.GetValueOrDefault(ns, ns);
}
