using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Creates repositories as Velero does (pkg/repository/udmrepo/kopialib, v1.18.1). Each step may be repeated, so one that broke off is completed by the next caller.</summary>
internal static class VeleroRepositorySetup
{
    private const int MaxReadinessBytes = 64 << 10;
    private const int MaxTries = 5;
    private static readonly BlobName Readiness = BlobName.Parse("udmrepo.Repository");
    private static readonly Dictionary<string, string> MaintenanceLabels = new() { ["type"] = "maintenance" };

    /// <summary>
    /// Creates the repository, or opens it when somebody else was faster. A store that does not decide conditional writes could give
    /// two creators two keys, so there the right to create is elected first, on a claim outside the repository.
    /// </summary>
    public static async Task<KopiaRepository> CreateOrOpenAsync(
        IBlobStore location, IBlobStore store, string volumeNamespace, RepositoryPassword password, VolumeDataOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (location.SupportsConditionalPut)
        {
            try
            {
                return await CreateOrOpenAsync(store, password, options, time, cancellationToken);
            }
            catch (BackupException error) when (error.Kind == ErrorKind.Unsupported && !location.SupportsConditionalPut)
            {
                // The store has just found out that its server does not decide conditional writes.
            }
        }

        BlobName claim = BlobName.Parse($"metadata/backup-functions/creating/{volumeNamespace}");
        bool elected = await new ClaimWriter(location, new ClaimOptions(), time).TryClaimAsync(claim, RandomNumberGenerator.GetBytes(16), cancellationToken);
        try
        {
            return elected
                ? await CreateOrOpenAsync(store, password, options, time, cancellationToken)
                : await OpenWhenCreatedAsync(store, volumeNamespace, password, options, time, cancellationToken);
        }
        finally
        {
            if (elected)
            {
                await location.DeleteAsync(claim, CancellationToken.None); // also after a failure: the next one must be able to try
            }
        }
    }

    private static async Task<KopiaRepository> OpenWhenCreatedAsync(
        IBlobStore store, string volumeNamespace, RepositoryPassword password, VolumeDataOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= MaxTries; attempt++)
        {
            await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancellationToken);
            if (await KopiaRepository.ExistsAsync(store, cancellationToken))
            {
                return await KopiaRepository.OpenAsync(store, password.Value, options.Repository, time, cancellationToken);
            }
        }

        throw new BackupException(
            ErrorKind.Unavailable,
            $"Somebody else is creating the repository of namespace {volumeNamespace} in {store.DisplayName} and is not done.",
            "It is tried again; if nobody is at it, delete the blobs below metadata/backup-functions/creating/.");
    }

    private static async Task<KopiaRepository> CreateOrOpenAsync(
        IBlobStore store, RepositoryPassword password, VolumeDataOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            BackupException lost;
            try
            {
                return await KopiaRepository.CreateAsync(store, password.Value, options.Create, options.Repository, time, cancellationToken);
            }
            catch (BackupException error) when (error.Kind is ErrorKind.AlreadyExists or ErrorKind.Conflict)
            {
                lost = error;
            }

            if (await KopiaRepository.ExistsAsync(store, cancellationToken))
            {
                return await KopiaRepository.OpenAsync(store, password.Value, options.Repository, time, cancellationToken);
            }

            if (attempt == MaxTries)
            {
                throw lost; // something lies there that does not become a repository
            }

            await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancellationToken); // the other one is not done yet
        }
    }

    /// <summary>Adds what Velero expects besides the repository itself; does nothing when it is there.</summary>
    /// <exception cref="BackupException">Corrupt: what is there belongs to another repository.</exception>
    public static async Task CompleteAsync(IBlobStore store, KopiaRepository repository, CancellationToken cancellationToken)
    {
        if (await store.TryGetInfoAsync(Readiness, cancellationToken) is { } info)
        {
            await CheckReadinessAsync(store, info, repository, cancellationToken);
            return;
        }

        if ((await repository.FindManifestsAsync(MaintenanceLabels, cancellationToken)).Count == 0)
        {
            await PutMaintenanceOwnerAsync(repository, VeleroSnapshots.MaintenanceOwner, cancellationToken);
        }

        await store.PutAsync(Readiness, VeleroSnapshots.ReadinessJson(repository.Format.UniqueId), PutCondition.Always, cancellationToken);
    }

    /// <summary>Notes who maintains a new repository, and how often.</summary>
    /// <param name="owner">As <c>user@host</c>.</param>
    public static async Task PutMaintenanceOwnerAsync(KopiaRepository repository, string owner, CancellationToken cancellationToken)
    {
        await using WriteSession session = await repository.StartWriteSessionAsync(cancellationToken);
        session.PutManifest(MaintenanceLabels, VeleroSnapshots.MaintenanceJson(owner));
        await session.FlushAsync(cancellationToken);
    }

    private static async Task CheckReadinessAsync(IBlobStore store, BlobInfo info, KopiaRepository repository, CancellationToken cancellationToken)
    {
        string? found = null;
        if (info.LengthBytes <= MaxReadinessBytes)
        {
            await using Stream stream = await store.OpenReadAsync(Readiness, null, cancellationToken);
            try
            {
                using JsonDocument json = await JsonDocument.ParseAsync(stream, default, cancellationToken);
                found = json.RootElement.TryGetProperty("uniqueID", out JsonElement id) ? id.GetString() : null;
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                throw new RepositoryCorruptException(Readiness.ToString(), null, "JSON that names the repository", "something else", error);
            }
        }

        if (found != repository.Format.UniqueId)
        {
            throw new RepositoryCorruptException(Readiness.ToString(), null, "the repository's own name", "another one");
        }
    }
}
