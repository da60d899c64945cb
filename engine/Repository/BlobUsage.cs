namespace BackupFunctions.Engine.Repository;

/// <summary>Some blobs and what they take. <c>default</c> is none.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">Their stored bytes.</param>
public readonly record struct BlobUsage(long Count, long Bytes)
{
    /// <summary>These and one more.</summary>
    public BlobUsage With(long lengthBytes) => new(Count + 1, Bytes + lengthBytes);

    public static BlobUsage operator +(BlobUsage left, BlobUsage right) => new(left.Count + right.Count, left.Bytes + right.Bytes);
}
