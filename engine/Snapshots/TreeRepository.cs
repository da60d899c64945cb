using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Creates and opens repositories of file trees with the password of a bucket, whoever is to use them afterwards.</summary>
public static class TreeRepository
{
    /// <summary>Opens a repository. The caller disposes it.</summary>
    /// <param name="store">The store whose root is the repository's place.</param>
    /// <exception cref="Errors.BackupException">NotFound; WrongPassword; Unsupported; Corrupt.</exception>
    public static Task<KopiaRepository> OpenAsync(
        IBlobStore store, RepositoryPassword password, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        return KopiaRepository.OpenAsync(store, password.Value, options, time, cancellationToken);
    }

    /// <summary>Opens a repository for looking at it only, also when index blobs are damaged: <see cref="DamagedRepository"/>. The caller disposes it.</summary>
    /// <exception cref="Errors.BackupException">NotFound; WrongPassword; Unsupported; Corrupt.</exception>
    public static Task<KopiaRepository> OpenDamagedAsync(
        IBlobStore store, RepositoryPassword password, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        return DamagedRepository.OpenAsync(store, password.Value, options, time, cancellationToken);
    }

    /// <summary>Repairs a repository: <see cref="RepositoryRepairer"/>.</summary>
    /// <exception cref="Errors.BackupException">NotFound; WrongPassword; Unsupported; Corrupt: where that cannot be repaired.</exception>
    public static Task<RepairReport> RepairAsync(
        IBlobStore store, RepositoryPassword password, RepositoryOptions options, RepairOptions repair, TimeProvider time, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        return RepositoryRepairer.RepairAsync(store, password.Value, options, repair, time, progress, cancellationToken);
    }

    /// <summary>
    /// Creates a repository and notes who maintains it, without which Kopia never cleans up. With <paramref name="forVelero"/> that is
    /// Velero, and the blob is put by which Velero knows that the repository is ready. The caller disposes it.
    /// </summary>
    /// <exception cref="Errors.BackupException">AlreadyExists: something lies in the place already; InvalidInput; Unsupported.</exception>
    public static async Task<KopiaRepository> CreateAsync(
        IBlobStore store, RepositoryPassword password, NewRepositoryOptions create, bool forVelero, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        bool mayDecide = store.SupportsConditionalPut;
        KopiaRepository repository;
        try
        {
            repository = await KopiaRepository.CreateAsync(store, password.Value, create, options, time, cancellationToken);
        }
        catch (BackupException error) when (error.Kind == ErrorKind.Unsupported && mayDecide && !store.SupportsConditionalPut)
        {
            // The store has just found out that its server does not decide conditional writes. One person creates one repository.
            repository = await KopiaRepository.CreateAsync(store, password.Value, create, options, time, cancellationToken);
        }

        try
        {
            await (forVelero
                ? VeleroRepositorySetup.CompleteAsync(store, repository, cancellationToken)
                : VeleroRepositorySetup.PutMaintenanceOwnerAsync(repository, $"{options.UserName}@{options.HostName}", cancellationToken));
            return repository;
        }
        catch
        {
            await repository.DisposeAsync();
            throw;
        }
    }
}
