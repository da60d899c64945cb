using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>One part in a list object.</summary>
internal sealed record IndirectEntry
{
    /// <summary>Where the part starts in the whole.</summary>
    [JsonPropertyName("s")]
    public long Start { get; init; }

    /// <summary>Its length.</summary>
    [JsonPropertyName("l")]
    public long LengthBytes { get; init; }

    /// <summary>The object that is the part.</summary>
    [JsonPropertyName("o")]
    public string? Object { get; init; }
}
