using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Work;

/// <summary>JSON of the fan-out protocol: plans, results, progress and messages.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(ItemResult))]
[JsonSerializable(typeof(ItemProgress))]
[JsonSerializable(typeof(ResentNote))]
[JsonSerializable(typeof(WorkMessage))]
public sealed partial class WorkJsonContext : JsonSerializerContext;
