using System.Text.Json;

namespace BackupFunctions.Engine.Work;

/// <summary>One piece of a run that one worker does at a time.</summary>
public sealed record PlanItem
{
    /// <summary>Unique in the plan; letters, digits and dashes.</summary>
    public required string Id { get; init; }

    /// <summary>What is to be done, in the words of the run's executor (<c>namespace</c>, <c>volume</c>, <c>cluster</c> …).</summary>
    public required string Kind { get; init; }

    /// <summary>Items of a stage start when every item of the stages before has its result.</summary>
    public required int Stage { get; init; }

    /// <summary>The queue that its message goes to.</summary>
    public required string Queue { get; init; }

    /// <summary>Namespace that the item is about, or null.</summary>
    public string? Namespace { get; init; }

    /// <summary>Object that the item is about (a claim), or null.</summary>
    public string? Name { get; init; }

    /// <summary>What else the executor needs, in its own shape.</summary>
    public JsonElement? Details { get; init; }
}
