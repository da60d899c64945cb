namespace BackupFunctions.Engine.Storage;

/// <summary>How claims work on a store that does not decide conditional writes.</summary>
public sealed record ClaimOptions
{
    /// <summary>
    /// How long a candidate waits for others before it looks who has the lowest id. Must be longer than any write to the store
    /// may take. Default 5 seconds.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(5);
}
