namespace BackupFunctions.Engine.Repository;

/// <summary>Some contents and what they take. <c>default</c> is none.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">Their plain bytes.</param>
/// <param name="StoredBytes">Their bytes in packs, compressed and encrypted.</param>
public readonly record struct ContentUsage(long Count, long Bytes, long StoredBytes)
{
    public static ContentUsage operator +(ContentUsage left, ContentUsage right) =>
        new(left.Count + right.Count, left.Bytes + right.Bytes, left.StoredBytes + right.StoredBytes);
}
