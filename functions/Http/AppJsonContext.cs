using System.Text.Json.Serialization;

namespace BackupFunctions.App.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunItems))]
[JsonSerializable(typeof(StoreCheckAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
internal sealed partial class AppJsonContext : JsonSerializerContext;
