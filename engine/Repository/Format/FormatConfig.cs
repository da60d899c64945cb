using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>The encrypted part of the format blob: one object with the only member <c>format</c>.</summary>
internal sealed record FormatConfigEnvelope
{
    [JsonPropertyName("format")]
    public FormatConfig? Format { get; init; }
}

/// <summary>The repository's configuration and secrets, as stored.</summary>
internal sealed record FormatConfig
{
    [JsonPropertyName("hash")]
    public string? Hash { get; init; }

    [JsonPropertyName("encryption")]
    public string? Encryption { get; init; }

    /// <summary>Error correction; not supported here.</summary>
    [JsonPropertyName("ecc")]
    public string? Ecc { get; init; }

    [JsonPropertyName("eccOverheadPercent")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int EccOverheadPercent { get; init; }

    [JsonPropertyName("secret")]
    public byte[]? Secret { get; init; }

    [JsonPropertyName("masterKey")]
    public byte[]? MasterKey { get; init; }

    [JsonPropertyName("version")]
    public int Version { get; init; }

    [JsonPropertyName("maxPackSize")]
    public int MaxPackBytes { get; init; }

    [JsonPropertyName("indexVersion")]
    public int IndexVersion { get; init; }

    [JsonPropertyName("epochParameters")]
    public EpochParameters? Epochs { get; init; }

    [JsonPropertyName("enablePasswordChange")]
    public bool EnablePasswordChange { get; init; }

    [JsonPropertyName("splitter")]
    public string? Splitter { get; init; }

    [JsonPropertyName("upgradeLock")]
    public UpgradeLock? UpgradeLock { get; init; }

    [JsonPropertyName("requiredFeatures")]
    public List<RequiredFeature>? RequiredFeatures { get; init; }

    /// <summary>Without the secrets, which a record would print.</summary>
    public override string ToString() => $"format {Version}, {Hash}, {Encryption}, {Splitter}";
}
