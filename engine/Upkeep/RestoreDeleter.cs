using System.Text.Json;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>Deletes the files of restores; what was restored stays in the cluster. Can be repeated after a crash.</summary>
public sealed class RestoreDeleter(IBlobStore store)
{
    private readonly RestoreCatalog catalog = new(store);
    private readonly RunStore runs = new(store);

    /// <exception cref="BackupException">NotFound; Conflict when it is under way.</exception>
    public async Task DeleteAsync(RestoreName name, CancellationToken cancellationToken)
    {
        RunId run = new(RunKind.Restore, name.ToString());
        bool isPublished = await store.TryGetInfoAsync(new RestoreLayout(name).Metadata, cancellationToken) is not null;
        if (!isPublished && await runs.PlanWrittenAtAsync(run, cancellationToken) is not null)
        {
            throw new BackupException(ErrorKind.Conflict, $"Restore {name} is still under way.", "Cancel it first, or wait for its end.");
        }

        if (!await catalog.ExistsAsync(name, cancellationToken))
        {
            throw new BackupException(ErrorKind.NotFound, $"There is no restore {name} in {store.DisplayName}.", "List the restores with: backupctl restore get");
        }

        await runs.RemoveWorkAsync(run, cancellationToken);
        await catalog.DeleteAsync(name, cancellationToken);
    }

    /// <summary>The backup that a restore under way reads; null when it has ended and only its plan is left, or says nothing.</summary>
    internal async Task<string?> BackupOfRunningAsync(Plan plan, CancellationToken cancellationToken)
    {
        if (RestoreName.TryParse(plan.Name, out RestoreName name) && await store.TryGetInfoAsync(new RestoreLayout(name).Metadata, cancellationToken) is null)
        {
            return RequestOf(plan)?.Spec.BackupName;
        }

        return null;
    }

    /// <summary>The Restore object in a plan; null when it is damaged.</summary>
    internal static VeleroRestore? RequestOf(Plan plan)
    {
        try
        {
            return plan.Request.Deserialize(CatalogJsonContext.Default.VeleroRestore);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
