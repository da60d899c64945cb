namespace BackupFunctions.Engine.Storage;

/// <summary>Who may undo a blob's lock, in S3's terms.</summary>
public enum BlobLockMode
{
    /// <summary>Whoever has a special right for it (GOVERNANCE).</summary>
    Governance,

    /// <summary>Nobody (COMPLIANCE).</summary>
    Compliance,
}
