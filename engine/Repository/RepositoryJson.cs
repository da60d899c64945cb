using System.Text.Json.Serialization;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Repository.Objects;
using BackupFunctions.Engine.Repository.Packs;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// All JSON records of the format. Kopia matches names without regard to case and ignores what it does not know, so reading does
/// too; writing uses the exact names and leaves out what is null, and the two-space indent is for none but the format blob.
/// </summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 32)]
[JsonSerializable(typeof(FormatBlob))]
[JsonSerializable(typeof(FormatConfigEnvelope))]
[JsonSerializable(typeof(RetentionConfig))]
[JsonSerializable(typeof(CompactionLogEntry))]
[JsonSerializable(typeof(SessionMarker))]
[JsonSerializable(typeof(IndirectEntry))]
[JsonSerializable(typeof(MaintenanceParameters))]
[JsonSerializable(typeof(MaintenanceSchedule))]
[JsonSerializable(typeof(CleanupEntry))]
internal sealed partial class RepositoryJson : JsonSerializerContext;
