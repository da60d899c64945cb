using System.Text.Json;

namespace BackupFunctions.Engine.Work;

/// <summary>What an executor gives back for an item it has done.</summary>
/// <param name="ItemCount">Objects done.</param>
/// <param name="Output">What the next stage or the end needs, in the executor's own shape.</param>
public sealed record ItemOutcome(long ItemCount, JsonElement? Output);
