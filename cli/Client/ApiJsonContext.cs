using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Cli.Client;

/// <summary>JSON of the function app's own shapes; Velero's objects are in the engine's context.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(RunItemList))]
[JsonSerializable(typeof(StoreReport))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;

/// <summary>An error answer, <c>application/problem+json</c>.</summary>
internal sealed record ProblemAnswer(string? Title, int? Status, string? Detail, string? Remedy, string? Kind);

/// <summary>The items of a run.</summary>
internal sealed record RunItemList(IReadOnlyList<RunItem> Items);

/// <summary>Which version answers.</summary>
internal sealed record VersionAnswer(string Version);
