using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>One directory tree at one time: the value of a manifest entry with the label <c>type=snapshot</c>.</summary>
public sealed record TreeSnapshot
{
    /// <summary><see cref="IncompleteReason"/> of what was saved on the way.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The name of its manifest entry; <c>default</c> while it was not put.</summary>
    public ManifestId Id { get; init; }

    /// <summary>What it was taken of.</summary>
    public required SnapshotSource Source { get; init; }

    /// <summary>For people.</summary>
    public string Description { get; init; } = "";

    /// <summary>When reading began.</summary>
    public required UnixNanos StartTime { get; init; }

    /// <summary>When reading ended.</summary>
    public required UnixNanos EndTime { get; init; }

    /// <summary>Counters.</summary>
    public required SnapshotStatistics Statistics { get; init; }

    /// <summary>Null for a complete snapshot; else why it is not complete.</summary>
    public string? IncompleteReason { get; init; }

    /// <summary>The root of the tree.</summary>
    public required DirectoryEntry Root { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Reasons to keep it.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Whether the whole tree is in it.</summary>
    public bool IsComplete => IncompleteReason is null;
}
