using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// What a backup is to hold: <c>spec</c> of Velero's Backup and <c>spec.template</c> of its Schedule. Everything is optional; empty
/// lists are null. A null flag means "the default of the one who carries it out".
/// </summary>
public sealed record BackupSpec
{
    /// <summary>Labels for backups made from a schedule's template.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public BackupTemplateMetadata Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Namespace names or globs; null and <c>*</c> mean all.</summary>
    public IReadOnlyList<string>? IncludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? IncludedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? IncludedClusterScopedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedClusterScopedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? IncludedNamespaceScopedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedNamespaceScopedResources { get; init => field = Absent.IfEmpty(value); }

    public LabelSelector? LabelSelector { get; init; }

    public IReadOnlyList<LabelSelector>? OrLabelSelectors { get; init => field = Absent.IfEmpty(value); }

    public bool? SnapshotVolumes { get; init; }

    /// <summary>How long the backup lives, counted from its start; zero means the default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan Ttl { get; init; }

    public string? VolumeGroupSnapshotLabelKey { get; init; }

    public bool? IncludeClusterResources { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public BackupHooks Hooks { get; init => field = value ?? new(); } = new();

    public string? StorageLocation { get; init; }

    public IReadOnlyList<string>? VolumeSnapshotLocations { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Deprecated name of <see cref="DefaultVolumesToFsBackup"/>; true wins over it.</summary>
    public bool? DefaultVolumesToRestic { get; init; }

    public bool? DefaultVolumesToFsBackup { get; init; }

    /// <summary>Plural resource name to a comma list of <c>namespace/name</c>.</summary>
    public IReadOnlyDictionary<string, string>? OrderedResources { get; init => field = Absent.IfEmpty(value); }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan CsiSnapshotTimeout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan ItemOperationTimeout { get; init; }

    public TypedLocalReference? ResourcePolicy { get; init; }

    public bool? SnapshotMoveData { get; init; }

    [JsonPropertyName("datamover")]
    public string? DataMover { get; init; }

    public UploaderConfigForBackup? UploaderConfig { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The metadata of backups that come from a template.</summary>
public sealed record BackupTemplateMetadata
{
    public IReadOnlyDictionary<string, string>? Labels { get; init => field = Absent.IfEmpty(value); }
}

/// <summary>How volume data is uploaded.</summary>
public sealed record UploaderConfigForBackup
{
    /// <summary>Files read at the same time; 0 means one per processor.</summary>
    public int ParallelFilesUpload { get; init; }
}
