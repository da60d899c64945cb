using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// Velero's Restore object. Velero keeps it only in the cluster; here it also lies in the bucket as
/// <c>restores/&lt;name&gt;/velero-restore.json</c>.
/// </summary>
public sealed record VeleroRestore
{
    public string Kind { get; init => field = value ?? "Restore"; } = "Restore";

    public string ApiVersion { get; init => field = value ?? VeleroNames.ApiVersion; } = VeleroNames.ApiVersion;

    public ObjectMetadata Metadata { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public RestoreSpec Spec { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public RestoreStatus Status { get; init => field = value ?? new(); } = new();

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The name, "" when the object has none.</summary>
    [JsonIgnore]
    public string Name => Metadata.Name ?? "";
}
