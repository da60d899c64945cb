using System.Text.Json;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// The claim and the content of a run: written once with If-None-Match, then never changed. From it alone any worker can do any item.
/// </summary>
public sealed record Plan
{
    /// <summary>Version of this shape; readers refuse newer ones.</summary>
    public int Version { get; init; } = 1;

    public required RunKind Run { get; init; }

    public required string Name { get; init; }

    /// <summary>Start of processing, by the planner's clock: expiry counts from here.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What was asked for: the Velero object (Backup or Restore) with metadata and spec.</summary>
    public required JsonElement Request { get; init; }

    /// <summary>What the executor found out while planning, in its own shape.</summary>
    public JsonElement? Facts { get; init; }

    /// <summary>All items; ids are unique, stages count from 0 without gaps.</summary>
    public required IReadOnlyList<PlanItem> Items { get; init; }

    public RunId Id => new(Run, Name);
}
