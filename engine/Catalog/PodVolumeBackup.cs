using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// Velero's PodVolumeBackup: the data of one volume of one pod as a snapshot in the repository; an element of
/// <c>&lt;backup&gt;-podvolumebackups.json.gz</c>. Kind and apiVersion are usually left out there.
/// </summary>
public sealed record PodVolumeBackup
{
    public string? Kind { get; init; }

    public string? ApiVersion { get; init; }

    public ObjectMetadata Metadata { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public PodVolumeBackupSpec Spec { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public PodVolumeBackupStatus Status { get; init => field = value ?? new(); } = new();

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The claim behind the volume, or null for a volume that is none (emptyDir).</summary>
    [JsonIgnore]
    public string? PvcName => Metadata.Annotation(VeleroNames.PvcNameAnnotation);

    /// <summary>Whether there is data to restore.</summary>
    [JsonIgnore]
    public bool HasData => !string.IsNullOrEmpty(Status.SnapshotId);
}

/// <summary>Which volume, and where its data went.</summary>
public sealed record PodVolumeBackupSpec
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Node { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public PodReference Pod { get; init => field = value ?? new(); } = new();

    /// <summary>The volume's name in the pod, not the claim's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Volume { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string BackupStorageLocation { get; init => field = value ?? ""; } = "";

    /// <summary>Only set for restic.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string RepoIdentifier { get; init => field = value ?? ""; } = "";

    /// <summary><c>kopia</c>; <c>restic</c> and "" mean restic.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string UploaderType { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, string>? Tags { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyDictionary<string, string>? UploaderSettings { get; init => field = Absent.IfEmpty(value); }

    public bool Cancel { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The pod that mounted a volume.</summary>
public sealed record PodReference
{
    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }
}

/// <summary>How the upload went.</summary>
public sealed record PodVolumeBackupStatus
{
    /// <summary>New, Accepted, Prepared, InProgress, Canceling, Canceled, Completed or Failed.</summary>
    public string? Phase { get; init; }

    public string? Path { get; init; }

    /// <summary>Kopia's manifest id; null or empty means that there is nothing to restore.</summary>
    [JsonPropertyName("snapshotID")]
    public string? SnapshotId { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? StartTimestamp { get; init; }

    public DateTimeOffset? CompletionTimestamp { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TransferProgress Progress { get; init => field = value ?? new(); } = new();

    public long IncrementalBytes { get; init; }

    public DateTimeOffset? AcceptedTimestamp { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Bytes done of all.</summary>
public sealed record TransferProgress
{
    public long TotalBytes { get; init; }

    public long BytesDone { get; init; }
}
