using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// An asynchronous operation on an item, from an itemoperations file. This program starts none; it reads those of Velero to describe them.
/// </summary>
public sealed record ItemOperation
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ItemOperationSpec Spec { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ItemOperationStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>Which operation on which item; the backup members are set for a backup, the restore members for a restore.</summary>
public sealed record ItemOperationSpec
{
    public string? BackupName { get; init; }

    [JsonPropertyName("backupUID")]
    public string? BackupUid { get; init; }

    public string? BackupItemAction { get; init; }

    public string? RestoreName { get; init; }

    [JsonPropertyName("restoreUID")]
    public string? RestoreUid { get; init; }

    public string? RestoreItemAction { get; init; }

    public ResourceIdentifier ResourceIdentifier { get; init => field = value ?? new(); } = new();

    [JsonPropertyName("operationID")]
    public string? OperationId { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The item; Velero spells these keys with capitals.</summary>
public sealed record ResourceIdentifier
{
    [JsonPropertyName("Group")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Group { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("Resource")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Resource { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("Namespace")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Namespace { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("Name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Name { get; init => field = value ?? ""; } = "";
}

/// <summary>How far the operation got.</summary>
public sealed record ItemOperationStatus
{
    /// <summary>New, InProgress, Completed or Failed.</summary>
    public string? Phase { get; init; }

    public string? Error { get; init; }

    [JsonPropertyName("nCompleted")]
    public long CompletedCount { get; init; }

    [JsonPropertyName("nTotal")]
    public long TotalCount { get; init; }

    public string? OperationUnits { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Updated { get; init; }
}
