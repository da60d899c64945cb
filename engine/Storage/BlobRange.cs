namespace BackupFunctions.Engine.Storage;

/// <summary>A part of a blob.</summary>
/// <param name="OffsetBytes">Where it starts, 0 or more.</param>
/// <param name="LengthBytes">How long it is, 1 or more.</param>
public readonly record struct BlobRange(long OffsetBytes, long LengthBytes);
