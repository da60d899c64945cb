using System.Text.Json.Serialization;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>An error answer as RFC 9457 has it, <c>application/problem+json</c>.</summary>
/// <param name="Title">The same for all errors of a kind.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened here.</param>
/// <param name="Remedy">What the caller can do.</param>
/// <param name="Kind">The kind of error, for programs.</param>
internal sealed record Problem(string Title, int Status, string? Detail, string? Remedy, string Kind);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJsonContext : JsonSerializerContext;
