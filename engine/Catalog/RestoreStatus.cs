using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>What became of a restore: <c>status</c> of Velero's Restore. Zero counts are left out of the JSON.</summary>
public sealed record RestoreStatus
{
    /// <summary>One of <see cref="RestorePhase"/>, or a word of a newer Velero.</summary>
    public string? Phase { get; init; }

    public IReadOnlyList<string>? ValidationErrors { get; init => field = Absent.IfEmpty(value); }

    public int Warnings { get; init; }

    public int Errors { get; init; }

    public string? FailureReason { get; init; }

    public DateTimeOffset? StartTimestamp { get; init; }

    public DateTimeOffset? CompletionTimestamp { get; init; }

    public RestoreProgress? Progress { get; init; }

    public int RestoreItemOperationsAttempted { get; init; }

    public int RestoreItemOperationsCompleted { get; init; }

    public int RestoreItemOperationsFailed { get; init; }

    public HookStatus? HookStatus { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>How many items there are and how many are done.</summary>
public sealed record RestoreProgress
{
    public int TotalItems { get; init; }

    public int ItemsRestored { get; init; }
}
