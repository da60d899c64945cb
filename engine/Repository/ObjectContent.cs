using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository;

/// <summary>One leaf content of an object and where its bytes are stored, so that a restorer can read pack by pack.</summary>
/// <param name="Id">The content.</param>
/// <param name="ObjectOffset">Where its bytes start in the object.</param>
/// <param name="LengthBytes">How many bytes of the object it holds; -1 for the only content of an object of the old compressed form,
/// whose length is known after reading it.</param>
/// <param name="Pack">The pack blob.</param>
/// <param name="PackOffset">Where the stored bytes start in the pack.</param>
/// <param name="PackedLengthBytes">How many bytes are stored.</param>
public readonly record struct ObjectContent(ContentId Id, long ObjectOffset, int LengthBytes, BlobName Pack, long PackOffset, int PackedLengthBytes)
{
    /// <summary>Whether the content's bytes start with a compression header of the object layer.</summary>
    internal bool IsObjectCompressed { get; init; }
}
