using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>A pack that is in the store.</summary>
/// <param name="Contents">Contents that the index places in it, deleted ones that still exist included; 0 when it is not referenced.</param>
internal readonly record struct SurveyedPack(BlobName Name, long LengthBytes, long Contents)
{
    public bool IsReferenced => Contents > 0;

    /// <summary>How bad it is when something is wrong in it.</summary>
    public FindingSeverity Severity => IsReferenced ? FindingSeverity.Damage : FindingSeverity.Harmless;

    public static bool IsPackName(string blob) => blob.StartsWith('p') || blob.StartsWith('q');
}
