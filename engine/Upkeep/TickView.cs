using System.Text.Json;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>What one tick needs to know of the backups; read at most once per tick, and only when something is due.</summary>
internal sealed class TickView(IBlobStore store)
{
    private ScheduleHistory? history;
    private Dictionary<string, string>? running;

    public async Task<ScheduleHistory> HistoryAsync(CancellationToken cancellationToken) =>
        history ??= await ScheduleHistory.ReadAsync(store, cancellationToken);

    /// <summary>Value of the schedule label to the name of a backup under way.</summary>
    public async Task<Dictionary<string, string>> RunningAsync(CancellationToken cancellationToken)
    {
        if (running is not null)
        {
            return running;
        }

        Dictionary<string, string> found = new(StringComparer.Ordinal);
        BackupCatalog catalog = new(store);
        await foreach (Plan plan in RunningPlans.ListAsync(store, RunKind.Backup, cancellationToken))
        {
            if (RequestOf(plan)?.ScheduleName is { } schedule && !await catalog.ExistsAsync(BackupName.Parse(plan.Name), cancellationToken))
            {
                found[schedule] = plan.Name;
            }
        }

        return running = found;
    }

    private static VeleroBackup? RequestOf(Plan plan)
    {
        try
        {
            return plan.Request.Deserialize(CatalogJsonContext.Default.VeleroBackup);
        }
        catch (JsonException)
        {
            return null; // a damaged plan belongs to no schedule; the sweep reports it
        }
    }
}
