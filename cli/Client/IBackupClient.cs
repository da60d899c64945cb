using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Client;

/// <summary>What the commands talk to: a function app over HTTP, or the engine in this process.</summary>
internal interface IBackupClient : IAsyncDisposable
{
    /// <summary>What is talked to, for people; no secrets.</summary>
    string DisplayName { get; }

    /// <summary>Whether what is started runs in this process, and so only as long as it.</summary>
    bool RunsHere { get; }

    IRunClient<VeleroBackup> Backups { get; }

    IRunClient<VeleroRestore> Restores { get; }

    IScheduleClient Schedules { get; }

    /// <summary>Does the work of what was started here until it has ended; returns at once when <see cref="RunsHere"/> is false.</summary>
    Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>Tries what a store must be able to do.</summary>
    Task<StoreReport> CheckStoreAsync(CancellationToken cancellationToken);

    /// <summary>Version of the other side; null when there is none.</summary>
    Task<string?> ReadServerVersionAsync(CancellationToken cancellationToken);
}
