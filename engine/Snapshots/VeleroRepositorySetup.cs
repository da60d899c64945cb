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

    /// <summary>Creates the repository, or opens it when somebody else was faster.</summary>
    public static async Task<KopiaRepository> CreateOrOpenAsync(
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
            await using WriteSession session = await repository.StartWriteSessionAsync(cancellationToken);
            session.PutManifest(MaintenanceLabels, VeleroSnapshots.MaintenanceJson());
            await session.FlushAsync(cancellationToken);
        }

        await store.PutAsync(Readiness, VeleroSnapshots.ReadinessJson(repository.Format.UniqueId), PutCondition.Always, cancellationToken);
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
