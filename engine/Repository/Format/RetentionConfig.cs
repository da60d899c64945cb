using System.Text.Json.Serialization;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>The blob <c>kopia.blobcfg</c>: how blobs are to be locked against deletion; empty when off.</summary>
internal sealed record RetentionConfig
{
    public const string BlobId = "kopia.blobcfg";

    /// <summary>The modes that are known here; Kopia has another for Azure.</summary>
    public const string Governance = "GOVERNANCE", Compliance = "COMPLIANCE";

    [JsonPropertyName("retentionMode")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mode { get; init; }

    /// <summary>Nanoseconds.</summary>
    [JsonPropertyName("retentionPeriod")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Period { get; init; }

    /// <summary>Why the blob cannot be read; null when it can. What is stored can be read without it; writers need to know what it says.</summary>
    [JsonIgnore]
    public RepositoryCorruptException? Damage { get; init; }

    /// <summary><see cref="Period"/>, cut to 100 ns.</summary>
    [JsonIgnore]
    public TimeSpan PeriodTime => TimeSpan.FromTicks(Period / 100);

    /// <summary>The mode, when on.</summary>
    /// <exception cref="BackupException">Unsupported: it is not one of S3's two.</exception>
    [JsonIgnore]
    public BlobLockMode LockMode => Mode switch
    {
        Governance => BlobLockMode.Governance,
        Compliance => BlobLockMode.Compliance,
        _ => throw new BackupException(
            ErrorKind.Unsupported, $"the repository wants its blobs locked in the mode '{Mode}', which is not known", $"Known are {Governance} and {Compliance}."),
    };

    [JsonIgnore]
    public bool IsOn => !string.IsNullOrEmpty(Mode) && Period > 0;
}
