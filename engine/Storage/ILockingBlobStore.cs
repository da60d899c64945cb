namespace BackupFunctions.Engine.Storage;

/// <summary>
/// A store that may be able to lock blobs (S3's object lock). What is locked can still be put and deleted by name, but its bytes stay
/// in the store as an older version until the lock ends. Failures are those of <see cref="IBlobStore"/>.
/// </summary>
public interface ILockingBlobStore : IBlobStore
{
    /// <summary>Whether blobs can be locked here: with S3, whether the bucket was made for it. To be asked before anything is put.</summary>
    Task<bool> SupportsLocksAsync(CancellationToken cancellationToken);

    /// <summary>Puts a blob as <see cref="IBlobStore.PutAsync"/> does, locked from its first moment.</summary>
    /// <returns>False when the condition was not met and nothing was written.</returns>
    Task<bool> PutLockedAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock blobLock, CancellationToken cancellationToken);

    /// <summary>Locks a blob that is there, or makes its lock last longer; one that lasts as long already stays as it is.</summary>
    /// <exception cref="Errors.BackupException">NotFound; AccessDenied: there is no right to lock, or the lock in place does not allow this one.</exception>
    Task ExtendLockAsync(BlobName name, BlobLock blobLock, CancellationToken cancellationToken);
}
