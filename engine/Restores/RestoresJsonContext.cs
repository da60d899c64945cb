using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Restores;

/// <summary>JSON of what restores leave in plans and results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RestoreFacts))]
[JsonSerializable(typeof(VolumeRestoreDetails))]
[JsonSerializable(typeof(RestoredObjects))]
internal sealed partial class RestoresJsonContext : JsonSerializerContext;
