using System.Text.Json;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Work;

/// <summary>What became of one item: written once with If-None-Match; the first one counts.</summary>
public sealed record ItemResult
{
    public required string Item { get; init; }

    /// <summary>Who did it.</summary>
    public required string Worker { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>False when the item as a whole could not be done; <see cref="Errors"/> says why.</summary>
    public required bool Succeeded { get; init; }

    public IReadOnlyList<ItemFailure> Errors { get; init; } = [];

    public IReadOnlyList<ItemFailure> Warnings { get; init; } = [];

    /// <summary>Objects done.</summary>
    public long ItemCount { get; init; }

    /// <summary>Bytes read or written for a volume; 0 for other items.</summary>
    public long BytesDone { get; init; }

    /// <summary>Blob with the item's log (a gzip member), or null.</summary>
    public string? Log { get; init; }

    /// <summary>What the executor wants to know at the next stage or at the end, in its own shape.</summary>
    public JsonElement? Output { get; init; }
}
