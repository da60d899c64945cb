namespace BackupFunctions.Engine.Repository;

/// <summary>What a verification looked at and what it found.</summary>
public sealed record VerificationReport
{
    /// <summary>Whether no damage was found.</summary>
    public bool IsWhole => DamageCount == 0;

    /// <summary>Findings of severity <see cref="FindingSeverity.Damage"/>.</summary>
    public long DamageCount { get; init; }

    /// <summary>Findings of severity <see cref="FindingSeverity.Harmless"/>.</summary>
    public long HarmlessCount { get; init; }

    /// <summary>The first findings of each severity, damage first.</summary>
    public IReadOnlyList<RepositoryFinding> Findings { get; init; } = [];

    /// <summary>How many findings there are of each kind.</summary>
    public IReadOnlyDictionary<FindingKind, long> CountByKind { get; init; } = new Dictionary<FindingKind, long>();

    /// <summary>Blobs listed.</summary>
    public long Blobs { get; init; }

    /// <summary>Bytes of all blobs listed.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Packs among them.</summary>
    public long Packs { get; init; }

    /// <summary>Contents that the index names.</summary>
    public long Contents { get; init; }

    /// <summary>Contents that were read and hashed, copies that no index names included.</summary>
    public long ContentsRead { get; init; }

    /// <summary>Stored bytes that were read.</summary>
    public long BytesRead { get; init; }

    /// <summary>
    /// Bytes of whole packs, and of clear text, that hold nothing and that nothing in the format protects: random bytes before and
    /// after the contents of packs. Damage there cannot be seen and loses nothing. Only counted where packs were read whole.
    /// </summary>
    public long UncheckableBytes { get; init; }

    /// <summary>Snapshots walked.</summary>
    public long Snapshots { get; init; }

    /// <summary>Different directories read.</summary>
    public long Directories { get; init; }

    /// <summary>Files and links looked at; one in several unchanged directories counts once.</summary>
    public long Files { get; init; }
}
