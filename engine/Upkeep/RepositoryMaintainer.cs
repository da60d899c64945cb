using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>
/// Maintains the repositories of a location's namespaces under an owner's name of its own. Who takes a repository over becomes its owner, so
/// that Velero or another program with Velero's name refuses to maintain it from then on; among the workers of this program a sign of life
/// in the bucket decides. May be called for one repository by many at once and be killed at any moment.
/// </summary>
public sealed class RepositoryMaintainer(IBlobStore store, RepositoryPassword password, VolumeDataOptions options, MaintenanceOptions maintenance, WorkerId worker, TimeProvider time)
{
    /// <summary>The owner's name that this program gives repositories that it maintains.</summary>
    public const string Owner = "backup-functions@backup-functions";

    private const string Repositories = "kopia/";

    /// <summary>As the app runs it: what is due, with all care.</summary>
    public static MaintenanceOptions WhatIsDue { get; } = new() { Identity = Owner, TakeOwnership = true };

    /// <summary>The namespaces that have something where repositories lie.</summary>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string ns in store.ListFoldersAsync(Repositories, cancellationToken))
        {
            yield return ns;
        }
    }

    /// <summary>Does what a <see cref="MaintenanceRequest"/> asks for; null when there is no repository, or another worker is at it.</summary>
    /// <exception cref="BackupException">As of <see cref="SnapshotMaintenance.RunAsync"/>, and whatever opening the repository said.</exception>
    public async Task<MaintenanceReport?> HandleAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!MaintenanceRequest.IsMaintenance(message))
        {
            throw new BackupException(ErrorKind.InvalidInput, $"A message asks for '{message.Run}', not for maintenance.", "Drop the message; it came to the wrong queue.");
        }

        IBlobStore repositoryStore = BlobStoreFactory.SubTree(store, VolumeDataRepository.FolderOf(message.Name));
        if (!await KopiaRepository.ExistsAsync(repositoryStore, cancellationToken))
        {
            return null;
        }

        await using MaintenanceClaim? claim = await MaintenanceClaim.TryTakeAsync(store, message.Name, worker, time, cancellationToken);
        if (claim is null)
        {
            return null;
        }

        using CancellationTokenSource run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, claim.Lost);
        try
        {
            await using KopiaRepository repository = await KopiaRepository.OpenAsync(repositoryStore, password.Value, options.Repository, time, run.Token);
            return await new SnapshotMaintenance(repository).RunAsync(maintenance, run.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackupException(ErrorKind.Unavailable, $"the maintenance of {repositoryStore.DisplayName} stopped because the store took no signs of life", "It goes on with the next message.");
        }
    }
}
