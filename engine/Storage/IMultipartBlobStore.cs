namespace BackupFunctions.Engine.Storage;

/// <summary>
/// A store that takes a blob in parts which are sent one by one, so that the retry wrapper can repeat a part and need not read
/// the source again. Nothing is visible before the upload is completed.
/// </summary>
internal interface IMultipartBlobStore : IBlobStore
{
    Task<IMultipartUpload> BeginUploadAsync(BlobName name, CancellationToken cancellationToken);
}
