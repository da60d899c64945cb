using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Backups;

/// <summary>JSON of what backups leave in plans and results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupFacts))]
[JsonSerializable(typeof(CollectedObjects))]
[JsonSerializable(typeof(VolumeOutcome))]
internal sealed partial class BackupsJsonContext : JsonSerializerContext;
