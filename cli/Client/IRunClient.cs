namespace BackupFunctions.Cli.Client;

/// <summary>Backups or restores: objects that work is done for.</summary>
internal interface IRunClient<T> : IObjectClient<T>
{
    /// <summary>The log as text; the caller disposes it.</summary>
    /// <exception cref="Engine.Errors.BackupException">NotFound; Conflict while the run is under way.</exception>
    Task<Stream> OpenLogAsync(string name, CancellationToken cancellationToken);

    /// <summary>Asks the run to stop; it then ends as Failed.</summary>
    Task CancelAsync(string name, CancellationToken cancellationToken);

    /// <summary>Where the run's items stand; null when it is not under way (any more).</summary>
    Task<IReadOnlyList<RunItem>?> ReadItemsAsync(string name, CancellationToken cancellationToken);
}
