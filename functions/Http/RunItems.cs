using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Http;

/// <summary>The items of a run under way, for programs that show its fan-out.</summary>
internal sealed record RunItems(IReadOnlyList<RunItems.RunItem> Items)
{
    public static RunItems Of(IReadOnlyList<ItemState> states) => new([.. states.Select(Of)]);

    private static RunItem Of(ItemState state) => new()
    {
        Id = state.Item.Id,
        Kind = state.Item.Kind,
        Stage = state.Item.Stage,
        Namespace = state.Item.Namespace,
        Name = state.Item.Name,
        State = state switch
        {
            { Result.Succeeded: true } => "done",
            { Result: not null } => "failed",
            { Progress: not null } => "running",
            _ => "waiting",
        },
        Worker = state.Result?.Worker ?? state.Progress?.Worker,
        ItemsDone = state.Result?.ItemCount ?? state.Progress?.ItemsDone ?? 0,
        ItemsTotal = state.Result?.ItemCount ?? state.Progress?.ItemsTotal ?? 0,
        BytesDone = state.Result?.BytesDone ?? state.Progress?.BytesDone ?? 0,
        BytesTotal = state.Result?.BytesDone ?? state.Progress?.BytesTotal ?? 0,
        StartedAt = state.Result?.StartedAt,
        CompletedAt = state.Result?.CompletedAt,
        Errors = state.Result?.Errors.Count ?? 0,
        Warnings = state.Result?.Warnings.Count ?? 0,
    };

    /// <summary>One of them.</summary>
    internal sealed record RunItem
    {
        public required string Id { get; init; }

        public required string Kind { get; init; }

        public required int Stage { get; init; }

        public string? Namespace { get; init; }

        public string? Name { get; init; }

        /// <summary>waiting, running, done or failed.</summary>
        public required string State { get; init; }

        public string? Worker { get; init; }

        public long ItemsDone { get; init; }

        public long ItemsTotal { get; init; }

        public long BytesDone { get; init; }

        public long BytesTotal { get; init; }

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }

        public int Errors { get; init; }

        public int Warnings { get; init; }
    }
}
