namespace BackupFunctions.Engine.Repository;

/// <summary>What a write session did so far.</summary>
/// <param name="NewContents">Contents that were not there before.</param>
/// <param name="NewBytes">Their plain bytes.</param>
/// <param name="DeduplicatedContents">Contents that were there already.</param>
/// <param name="DeduplicatedBytes">Their plain bytes.</param>
/// <param name="PackedBytes">Stored bytes of the new contents, after compression and encryption.</param>
/// <param name="PacksUploaded">Pack blobs put.</param>
/// <param name="UploadedBytes">Bytes of all blobs put: packs, index blobs and markers.</param>
public readonly record struct WriteStatistics(
    long NewContents, long NewBytes, long DeduplicatedContents, long DeduplicatedBytes, long PackedBytes, long PacksUploaded, long UploadedBytes);
