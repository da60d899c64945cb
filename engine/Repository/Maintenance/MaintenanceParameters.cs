using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// The value of the manifest entry with just the label <c>type=maintenance</c> (docs/repository-format.md, "Maintenance"; Kopia's
/// repo/maintenance/maintenance_params.go, v0.23.1). Members that are not known here are kept. Durations are nanoseconds.
/// </summary>
internal sealed record MaintenanceParameters
{
    /// <summary>The only client that runs maintenance, as <c>user@host</c>.</summary>
    [JsonPropertyName("owner")]
    public string? Owner { get; init; }

    [JsonPropertyName("quick")]
    public MaintenanceCycle Quick { get; init => field = value ?? MaintenanceCycle.Hourly; } = MaintenanceCycle.Hourly;

    [JsonPropertyName("full")]
    public MaintenanceCycle Full { get; init => field = value ?? MaintenanceCycle.Daily; } = MaintenanceCycle.Daily;

    [JsonPropertyName("logRetention")]
    public LogRetention Logs { get; init => field = value ?? new LogRetention(); } = new();

    [JsonPropertyName("extendObjectLocks")]
    public bool ExtendObjectLocks { get; init; }

    [JsonPropertyName("listParallelism")]
    public int ListParallelism { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
