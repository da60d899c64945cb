using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>The blob <c>kopia.repository</c>: clear JSON around the encrypted configuration (docs/repository-format.md, "Format blob").</summary>
internal sealed record FormatBlob
{
    public const string BlobId = "kopia.repository";

    /// <summary>What every writer puts as <see cref="Tool"/>.</summary>
    public const string ToolName = "https://github.com/kopia/kopia";

    public const string ConfigEncryption = "AES256_GCM";

    [JsonPropertyName("tool")]
    public string? Tool { get; init; }

    [JsonPropertyName("buildVersion")]
    public string? BuildVersion { get; init; }

    [JsonPropertyName("buildInfo")]
    public string? BuildInfo { get; init; }

    /// <summary>Random bytes that salt every key derivation.</summary>
    [JsonPropertyName("uniqueID")]
    public byte[]? UniqueId { get; init; }

    [JsonPropertyName("keyAlgo")]
    public string? KeyAlgorithm { get; init; }

    [JsonPropertyName("encryption")]
    public string? Encryption { get; init; }

    [JsonPropertyName("encryptedBlockFormat")]
    public byte[]? EncryptedConfig { get; init; }
}
