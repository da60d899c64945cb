namespace BackupFunctions.Engine.Restores;

/// <summary>Times of a restore.</summary>
public sealed record RestoreOptions
{
    /// <summary>How long to wait for a custom resource definition to be served, or a namespace to go. Default 10 min.</summary>
    public TimeSpan ResourceTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long to wait for a claim to be bound before its data can be written. Default 10 min.</summary>
    public TimeSpan ClaimTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many objects of one type are sent to the API server at a time. Default 8.</summary>
    public int Concurrency { get; init; } = 8;
}
