namespace BackupFunctions.Cli.Client;

/// <summary>Velero's objects of one kind, wherever they are kept. Failures are <see cref="Engine.Errors.BackupException"/>.</summary>
internal interface IObjectClient<T>
{
    /// <summary>All objects, in no particular order.</summary>
    IAsyncEnumerable<T> ListAsync(CancellationToken cancellationToken);

    /// <exception cref="Engine.Errors.BackupException">NotFound.</exception>
    Task<T> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Hands the object in; for a backup or restore this starts it.</summary>
    /// <returns>The object as it was accepted.</returns>
    /// <exception cref="Engine.Errors.BackupException">AlreadyExists, InvalidInput.</exception>
    Task<T> CreateAsync(T value, CancellationToken cancellationToken);

    /// <summary>The object with all that belongs to it as text for people.</summary>
    Task<string> DescribeAsync(string name, bool details, CancellationToken cancellationToken);

    Task DeleteAsync(string name, CancellationToken cancellationToken);
}
