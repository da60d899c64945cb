using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Velero's Backup object, the content of <c>velero-backup.json</c> (Velero 1.18, apis/velero/v1/backup_types.go).</summary>
public sealed record VeleroBackup
{
    public string Kind { get; init => field = value ?? "Backup"; } = "Backup";

    public string ApiVersion { get; init => field = value ?? VeleroNames.ApiVersion; } = VeleroNames.ApiVersion;

    public ObjectMetadata Metadata { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public BackupSpec Spec { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public BackupStatus Status { get; init => field = value ?? new(); } = new();

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The name, "" when the object has none.</summary>
    [JsonIgnore]
    public string Name => Metadata.Name ?? "";

    /// <summary>The schedule it was made for, or null.</summary>
    [JsonIgnore]
    public string? ScheduleName => Metadata.Label(VeleroNames.ScheduleNameLabel);
}
