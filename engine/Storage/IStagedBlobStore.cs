namespace BackupFunctions.Engine.Storage;

/// <summary>
/// A store that may take a blob in pieces at any place of it, so that what is put need not be held in memory. A capability beside
/// <see cref="IBlobStore.PutAsync"/>: wrappers pass it on, so whether it is there is only known once it is asked for.
/// </summary>
internal interface IStagedBlobStore : IBlobStore
{
    /// <summary>Begins a blob. Nothing is visible before it is published. The caller disposes it.</summary>
    /// <returns>Null when this store has to be given blobs whole.</returns>
    Task<IStagedBlob?> TryStageAsync(BlobName name, CancellationToken cancellationToken);
}
