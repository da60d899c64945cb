using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>The blob <c>kopia.blobcfg</c>: how blobs are to be locked against deletion; empty when off.</summary>
internal sealed record RetentionConfig
{
    public const string BlobId = "kopia.blobcfg";

    [JsonPropertyName("retentionMode")]
    public string? Mode { get; init; }

    /// <summary>Nanoseconds.</summary>
    [JsonPropertyName("retentionPeriod")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Period { get; init; }

    /// <summary>Why the blob cannot be read; null when it can. What is stored can be read without it; writers need to know what it says.</summary>
    [JsonIgnore]
    public RepositoryCorruptException? Damage { get; init; }

    [JsonIgnore]
    public bool IsOn => !string.IsNullOrEmpty(Mode) && Period > 0;
}
