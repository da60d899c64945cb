using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>Something a program must know to open the repository.</summary>
internal sealed record RequiredFeature
{
    [JsonPropertyName("feature")]
    public string? Feature { get; init; }

    [JsonPropertyName("ifNotUnderstood")]
    public RequiredFeatureAdvice? IfNotUnderstood { get; init; }

    /// <summary>Whether a program that does not know the feature may go on all the same.</summary>
    [JsonIgnore]
    public bool IsOptional => IfNotUnderstood?.Warn ?? false;

    /// <summary>The two that Kopia 0.23 knows; both are how indexes are written, which is done here.</summary>
    [JsonIgnore]
    public bool IsKnown => Feature is "index-v1" or "index-v2";
}

/// <summary>What to do without knowing a feature.</summary>
internal sealed record RequiredFeatureAdvice
{
    [JsonPropertyName("warn")]
    public bool Warn { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
