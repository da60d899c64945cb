namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>How decoding of foreign bytes into a span ended.</summary>
internal enum DecodeOutcome
{
    /// <summary>All of the input was decoded.</summary>
    Done,

    /// <summary>The input holds more than the destination does.</summary>
    DestinationTooSmall,

    /// <summary>The input is not what its format demands.</summary>
    Damaged,
}
