using System.Text.Json.Serialization;

namespace BackupFunctions.Bench.Compare;

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Comparison))]
internal sealed partial class ComparisonJsonContext : JsonSerializerContext;
