namespace BackupFunctions.Engine.Files;

/// <summary>A part of a file.</summary>
/// <param name="OffsetBytes">Where it starts.</param>
/// <param name="LengthBytes">How long it is.</param>
public readonly record struct FileRange(long OffsetBytes, long LengthBytes)
{
    /// <summary>The first byte after it.</summary>
    public long End => OffsetBytes + LengthBytes;
}
