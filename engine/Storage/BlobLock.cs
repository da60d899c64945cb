namespace BackupFunctions.Engine.Storage;

/// <summary>Keeps a blob's bytes from being deleted for good, by the store itself.</summary>
/// <param name="Mode">Who may undo it.</param>
/// <param name="Until">When it ends; stores keep whole seconds or better.</param>
public sealed record BlobLock(BlobLockMode Mode, DateTimeOffset Until);
