namespace BackupFunctions.Engine.Storage;

/// <summary>What a store says of one blob.</summary>
/// <param name="Name">Its full name in the store that was asked.</param>
/// <param name="LengthBytes">Length of its content.</param>
/// <param name="LastModified">When the store took it, by the store's own clock.</param>
public sealed record BlobInfo(BlobName Name, long LengthBytes, DateTimeOffset LastModified);
