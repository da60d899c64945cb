using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>
/// All schedules: those of the configuration (whose spec is always the configuration's, but for <c>paused</c>) and those that were made
/// by request. Of each, one blob holds the object and is changed by people; another holds when it last ran and is changed by the
/// runner: so neither undoes the other.
/// </summary>
public sealed class ScheduleCatalog(IBlobStore store, IReadOnlyList<VeleroSchedule> configured, TimeProvider time)
{
    private const string Root = "metadata/backup-functions/schedules/";
    private const string ObjectFile = "/schedule.json";
    private const string StateFile = "/state.json";
    private const int MaxBytes = 1 << 20;

    /// <summary>All schedules with their state, in the order of their names.</summary>
    public async IAsyncEnumerable<VeleroSchedule> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string name in await ListNamesAsync(cancellationToken))
        {
            if (await TryGetAsync(name, cancellationToken) is { } schedule)
            {
                yield return schedule;
            }
        }
    }

    /// <summary>The names of all schedules, in order.</summary>
    public async Task<IReadOnlyCollection<string>> ListNamesAsync(CancellationToken cancellationToken)
    {
        SortedSet<string> names = new(configured.Select(schedule => schedule.Name), StringComparer.Ordinal);
        await foreach (string name in store.ListFoldersAsync(Root, cancellationToken))
        {
            names.Add(name);
        }

        return names;
    }

    /// <exception cref="BackupException">NotFound; InvalidInput when it is no name at all.</exception>
    public async Task<VeleroSchedule> GetAsync(string name, CancellationToken cancellationToken) =>
        await TryGetAsync(BackupName.Parse(name).ToString(), cancellationToken)
        ?? throw new BackupException(ErrorKind.NotFound, $"There is no schedule {name}.", "List the schedules with: backupctl schedule get");

    /// <summary>Whether the schedule's spec comes from the configuration.</summary>
    public bool IsConfigured(string name) => Configured(name) is not null;

    /// <summary>Keeps a new schedule.</summary>
    /// <exception cref="BackupException">InvalidInput (name, cron, time to live), or AlreadyExists.</exception>
    public async Task<VeleroSchedule> CreateAsync(VeleroSchedule schedule, CancellationToken cancellationToken)
    {
        ScheduleRules.Check(schedule);
        VeleroSchedule fresh = new()
        {
            Metadata = new ObjectMetadata
            {
                Name = schedule.Name,
                Namespace = VeleroNames.DefaultNamespace,
                Labels = schedule.Metadata.Labels,
                Annotations = schedule.Metadata.Annotations,
                CreationTimestamp = time.GetUtcNow(),
            },
            Spec = schedule.Spec,
        };
        if (IsConfigured(schedule.Name) || !await PutAsync(fresh, PutCondition.IfAbsent, cancellationToken))
        {
            throw new BackupException(ErrorKind.AlreadyExists, $"There is a schedule {schedule.Name} already.", "Choose another name, or delete the old one first.");
        }

        return await GetAsync(schedule.Name, cancellationToken);
    }

    /// <summary>Holds a schedule back, or lets it run again.</summary>
    public async Task<VeleroSchedule> SetPausedAsync(string name, bool paused, CancellationToken cancellationToken)
    {
        VeleroSchedule schedule = await GetAsync(name, cancellationToken);
        await PutAsync(schedule with { Spec = schedule.Spec with { Paused = paused }, Status = new ScheduleStatus() }, PutCondition.Always, cancellationToken);
        return await GetAsync(name, cancellationToken);
    }

    /// <summary>Removes a schedule; its backups stay.</summary>
    /// <exception cref="BackupException">NotFound; Conflict when it comes from the configuration.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        _ = await GetAsync(name, cancellationToken);
        if (IsConfigured(name))
        {
            throw new BackupException(ErrorKind.Conflict, $"The schedule {name} comes from the configuration.", "Remove it there, or pause it.");
        }

        await store.DeleteAsync(Blob(name, ObjectFile), cancellationToken);
        await store.DeleteAsync(Blob(name, StateFile), cancellationToken);
    }

    /// <summary>
    /// Notes when the app first saw a schedule of the configuration: its due times count from there, so that a new schedule does not run at once.
    /// </summary>
    internal async Task NoteFirstSightAsync(VeleroSchedule schedule, CancellationToken cancellationToken)
    {
        VeleroSchedule seen = schedule with { Metadata = schedule.Metadata with { CreationTimestamp = time.GetUtcNow() }, Status = new ScheduleStatus() };
        await PutAsync(seen, PutCondition.IfAbsent, cancellationToken);
    }

    /// <summary>Notes what the runner did.</summary>
    internal Task WriteStateAsync(string name, ScheduleStatus state, CancellationToken cancellationToken) => store.PutAsync(
        Blob(name, StateFile),
        JsonSerializer.SerializeToUtf8Bytes(new VeleroSchedule { Status = state }, CatalogJsonContext.Default.VeleroSchedule),
        PutCondition.Always,
        cancellationToken);

    private VeleroSchedule? Configured(string name) => configured.FirstOrDefault(schedule => schedule.Name == name);

    /// <summary>One schedule, or null.</summary>
    public async Task<VeleroSchedule?> TryGetAsync(string name, CancellationToken cancellationToken)
    {
        VeleroSchedule? kept = await TryReadAsync(Blob(name, ObjectFile), CatalogJsonContext.Default.VeleroSchedule, cancellationToken);
        VeleroSchedule? schedule = Configured(name) is { } given
            ? given with
            {
                Metadata = given.Metadata with { CreationTimestamp = kept?.Metadata.CreationTimestamp },
                Spec = given.Spec with { Paused = kept?.Spec.Paused ?? given.Spec.Paused },
            }
            : kept;
        if (schedule is null)
        {
            return null;
        }

        ScheduleStatus state = (await TryReadAsync(Blob(name, StateFile), CatalogJsonContext.Default.VeleroSchedule, cancellationToken))?.Status ?? new ScheduleStatus();
        return schedule with { Status = state with { Phase = "Enabled" } };
    }

    private Task<bool> PutAsync(VeleroSchedule schedule, PutCondition condition, CancellationToken cancellationToken) => store.PutAsync(
        Blob(schedule.Name, ObjectFile),
        JsonSerializer.SerializeToUtf8Bytes(schedule, CatalogJsonContext.Default.VeleroSchedule),
        condition,
        cancellationToken);

    private async Task<T?> TryReadAsync<T>(BlobName blob, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (await store.TryGetInfoAsync(blob, cancellationToken) is not { LengthBytes: <= MaxBytes })
        {
            return null;
        }

        try
        {
            await using Stream content = await store.OpenReadAsync(blob, range: null, cancellationToken);
            return await JsonSerializer.DeserializeAsync(content, type, cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null; // deleted between the two requests
        }
        catch (JsonException e)
        {
            throw new BackupException(ErrorKind.Corrupt, $"'{blob}' in {store.DisplayName} is not valid: {e.Message}", "Delete the blob and make the schedule again.", e);
        }
    }

    private static BlobName Blob(string name, string file) => BlobName.Parse(Root + name + file);
}
