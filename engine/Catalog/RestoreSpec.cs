using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>What to restore and how: <c>spec</c> of Velero's Restore. Empty lists are null.</summary>
public sealed record RestoreSpec
{
    /// <summary>The backup; or null with <see cref="ScheduleName"/>.</summary>
    public string? BackupName { get; init; }

    /// <summary>The schedule whose newest completed backup is meant.</summary>
    public string? ScheduleName { get; init; }

    public IReadOnlyList<string>? IncludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? IncludedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedResources { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Namespace in the backup to the namespace to restore into.</summary>
    public IReadOnlyDictionary<string, string>? NamespaceMapping { get; init => field = Absent.IfEmpty(value); }

    public LabelSelector? LabelSelector { get; init; }

    public IReadOnlyList<LabelSelector>? OrLabelSelectors { get; init => field = Absent.IfEmpty(value); }

    [JsonPropertyName("restorePVs")]
    public bool? RestorePvs { get; init; }

    public RestoreStatusFilter? RestoreStatus { get; init; }

    public bool? PreserveNodePorts { get; init; }

    public bool? IncludeClusterResources { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public RestoreHooks Hooks { get; init => field = value ?? new(); } = new();

    /// <summary>null, <c>none</c> or <c>update</c>.</summary>
    public string? ExistingResourcePolicy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan ItemOperationTimeout { get; init; }

    public TypedLocalReference? ResourceModifier { get; init; }

    public UploaderConfigForRestore? UploaderConfig { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The types whose <c>status</c> is restored too.</summary>
public sealed record RestoreStatusFilter
{
    public IReadOnlyList<string>? IncludedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedResources { get; init => field = Absent.IfEmpty(value); }
}

/// <summary>How volume data is written back.</summary>
public sealed record UploaderConfigForRestore
{
    public bool? WriteSparseFiles { get; init; }

    public int ParallelFilesDownload { get; init; }
}
