using BackupFunctions.Engine.Work;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>The engine's states of items as the commands show them.</summary>
internal static class DirectItems
{
    public static IReadOnlyList<RunItem>? Of(IReadOnlyList<ItemState>? states) => states?.Select(Of).ToList();

    private static RunItem Of(ItemState state) => new()
    {
        Id = state.Item.Id,
        Kind = state.Item.Kind,
        Stage = state.Item.Stage,
        Namespace = state.Item.Namespace,
        Name = state.Item.Name,
        State = state switch
        {
            { Result.Succeeded: true } => RunItemState.Done,
            { Result: not null } => RunItemState.Failed,
            { Progress: not null } => RunItemState.Running,
            _ => RunItemState.Waiting,
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
}
