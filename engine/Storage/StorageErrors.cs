using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage;

/// <summary>Failures that read the same whatever the provider.</summary>
internal static class StorageErrors
{
    internal static BackupException BlobNotFound(BlobName name, string store) => new(
        ErrorKind.NotFound,
        $"There is no blob '{name}' in {store}.",
        "Check the name and the store; a backup that was deleted or is still being written has no such blob.");

    internal static BackupException RangePastEnd(BlobName name, string store, BlobRange range, long lengthBytes) => new(
        ErrorKind.Corrupt,
        $"The blob '{name}' in {store} has {lengthBytes} bytes, but bytes {range.OffsetBytes} to {range.OffsetBytes + range.LengthBytes} were to be read.",
        "The blob is shorter than what refers to it: check the store for damage, and restore from another backup if it is damaged.");

    internal static BackupException NoConditionalPut(string store) => new(
        ErrorKind.Unsupported,
        $"{store} does not decide conditional writes (If-None-Match).",
        "Use a store with conditional writes, or set conditionalPut=false in its URL so that claims use the slower way from the start.");

    internal static ILockingBlobStore RequireLocks(IBlobStore store) => store as ILockingBlobStore ?? throw new BackupException(
        ErrorKind.Unsupported, $"{store.DisplayName} cannot lock blobs.", "Use an S3 bucket that was created with object lock.");

    internal static BackupException TooLarge(BlobName name, string store, long lengthBytes) => new(
        ErrorKind.Unsupported,
        $"The blob '{name}' is too large for {store}: more than {lengthBytes} bytes.",
        "Split what is backed up into smaller parts.");

    internal static BackupException ReadOnly(BlobName name, string store) => new(
        ErrorKind.AccessDenied,
        $"The blob '{name}' may not be changed: {store} was opened for reading only.",
        "Open the store for writing, or use another backup location.");

    internal static void CheckRange(BlobRange? range)
    {
        if (range is { } part)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(part.OffsetBytes, nameof(range));
            ArgumentOutOfRangeException.ThrowIfLessThan(part.LengthBytes, 1, nameof(range));
        }
    }
}
