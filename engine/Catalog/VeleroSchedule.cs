using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Velero's Schedule object.</summary>
public sealed record VeleroSchedule
{
    public string Kind { get; init => field = value ?? "Schedule"; } = "Schedule";

    public string ApiVersion { get; init => field = value ?? VeleroNames.ApiVersion; } = VeleroNames.ApiVersion;

    public ObjectMetadata Metadata { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ScheduleSpec Spec { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ScheduleStatus Status { get; init => field = value ?? new(); } = new();

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The name, "" when the object has none.</summary>
    [JsonIgnore]
    public string Name => Metadata.Name ?? "";
}

/// <summary>When to back up, and what.</summary>
public sealed record ScheduleSpec
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public BackupSpec Template { get; init => field = value ?? new(); } = new();

    /// <summary>Cron expression in robfig's standard form.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Schedule { get; init => field = value ?? ""; } = "";

    public bool? UseOwnerReferencesInBackup { get; init; }

    public bool Paused { get; init; }

    public bool? SkipImmediately { get; init; }
}

/// <summary>What a schedule did last.</summary>
public sealed record ScheduleStatus
{
    /// <summary><c>New</c>, <c>Enabled</c> or <c>FailedValidation</c>.</summary>
    public string? Phase { get; init; }

    public DateTimeOffset? LastBackup { get; init; }

    public DateTimeOffset? LastSkipped { get; init; }

    public IReadOnlyList<string>? ValidationErrors { get; init => field = Absent.IfEmpty(value); }
}
