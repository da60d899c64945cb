namespace BackupFunctions.Engine.Repository;

/// <summary>What verification or repair found.</summary>
public enum FindingKind
{
    /// <summary>An index names contents in a pack that is not there.</summary>
    MissingPack,

    /// <summary>A pack ends before contents that an index names in it.</summary>
    ShortPack,

    /// <summary>The format bytes, local index or postamble of a pack: without them the index could not be rebuilt from it.</summary>
    DamagedPackFrame,

    /// <summary>An index and a pack's own local index place a content differently.</summary>
    IndexMismatch,

    /// <summary>A content's stored bytes, or what they hold, are not what its name says.</summary>
    DamagedContent,

    /// <summary>A blob that is no pack: format, index, session marker, log and so on.</summary>
    DamagedBlob,

    /// <summary>An index blob that no reader takes into account, because the marker of its epoch is gone.</summary>
    IgnoredIndex,

    /// <summary>No index names anything in the pack: of an interrupted or running session, or not removed yet.</summary>
    UnreferencedPack,

    /// <summary>A pack holds contents that no index names: dropped on purpose, or their index was lost.</summary>
    UnindexedContents,

    /// <summary>The marker of a session that ended long ago without removing it.</summary>
    StaleSession,

    /// <summary>A blob that is no part of the format.</summary>
    UnknownBlob,

    /// <summary>A damaged index blob that repair set aside.</summary>
    SetAsideBlob,

    /// <summary>A manifest that says it is a snapshot and is not, or that cannot be read.</summary>
    DamagedSnapshot,

    /// <summary>A directory of a snapshot cannot be read whole.</summary>
    DamagedDirectory,

    /// <summary>A file or link of a snapshot cannot be restored whole.</summary>
    DamagedFile,

    /// <summary>The counters of a directory do not fit what is in it.</summary>
    WrongSummary,

    /// <summary>A file that was not kept whole, and whose entry tells its whole length: half of one in a checkpoint, or one that changed meanwhile.</summary>
    WrongLength,
}
