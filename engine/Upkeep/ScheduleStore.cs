using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>
/// All schedules: those of the configuration, and those created through the app, which lie in the bucket. Of two with one name the
/// configured one holds. Safe for concurrent use, also by many processes.
/// </summary>
public sealed class ScheduleStore
{
    private readonly IBlobStore store;
    private readonly SortedDictionary<string, VeleroSchedule> configured = new(StringComparer.Ordinal);
    private readonly TimeProvider time;

    /// <exception cref="BackupException">InvalidInput: a configured schedule cannot be carried out.</exception>
    public ScheduleStore(IBlobStore store, IReadOnlyList<VeleroSchedule> configured, TimeProvider time)
    {
        this.store = store;
        this.time = time;
        Files = new ScheduleFiles(store);
        foreach (VeleroSchedule schedule in configured)
        {
            ScheduleRules.Check(schedule);
            this.configured.Add(schedule.Name, schedule);
        }
    }

    internal ScheduleFiles Files { get; }

    /// <summary>All schedules by name, with their status. One that cannot be read is listed with its problem.</summary>
    public async Task<IReadOnlyList<ScheduleEntry>> ListAsync(CancellationToken cancellationToken)
    {
        SortedSet<string> names = new(configured.Keys, StringComparer.Ordinal);
        await foreach (string name in Files.ListNamesAsync(cancellationToken))
        {
            names.Add(name);
        }

        ScheduleHistory history = await ScheduleHistory.ReadAsync(store, cancellationToken);
        List<ScheduleEntry> entries = [];
        foreach (string name in names)
        {
            if (await ReadAsync(name, history, cancellationToken) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>One schedule with its status.</summary>
    /// <exception cref="BackupException">NotFound; Corrupt when its blob is damaged.</exception>
    public async Task<ScheduleEntry> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (!BackupName.TryParse(name, out _))
        {
            throw NotFound(name);
        }

        ScheduleHistory history = await ScheduleHistory.ReadAsync(store, cancellationToken);
        return await ReadAsync(name, history, cancellationToken) ?? throw NotFound(name);
    }

    /// <summary>Adds a schedule. Nothing is written when a check fails. What was due before now is not made up for.</summary>
    /// <returns>The schedule as it was stored.</returns>
    /// <exception cref="BackupException">InvalidInput (name, cron expression, filters) or AlreadyExists.</exception>
    public async Task<VeleroSchedule> CreateAsync(VeleroSchedule schedule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ScheduleRules.Check(schedule);
        DateTimeOffset now = time.GetUtcNow();
        VeleroSchedule stored = schedule with
        {
            Metadata = schedule.Metadata with
            {
                Namespace = schedule.Metadata.Namespace ?? VeleroNames.DefaultNamespace,
                Uid = Guid.CreateVersion7(now).ToString(),
                CreationTimestamp = now,
                ResourceVersion = null,
                DeletionTimestamp = null,
            },
            Status = new ScheduleStatus(),
        };
        if (configured.ContainsKey(stored.Name) || !await Files.TryCreateAsync(stored, cancellationToken))
        {
            throw new BackupException(
                ErrorKind.AlreadyExists, $"There is a schedule '{stored.Name}' already.", "Choose another name, or delete the old one first.");
        }

        return stored;
    }

    /// <summary>Removes a schedule that was created through the app. Its backups stay until they expire.</summary>
    /// <exception cref="BackupException">NotFound; Conflict when it comes from the configuration.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (configured.ContainsKey(name))
        {
            throw new BackupException(
                ErrorKind.Conflict, $"The schedule '{name}' comes from the configuration.", "Remove it there, or pause it.");
        }

        // Looked for by name, not read: a damaged one can be deleted too.
        if (!BackupName.TryParse(name, out _) || !await Files.ExistsAsync(name, cancellationToken))
        {
            throw NotFound(name);
        }

        await Files.DeleteAsync(name, cancellationToken);
    }

    /// <summary>Stops a schedule, also a configured one, until it is unpaused.</summary>
    /// <returns>False when it was paused already.</returns>
    /// <exception cref="BackupException">NotFound.</exception>
    public async Task<bool> PauseAsync(string name, CancellationToken cancellationToken)
    {
        if ((await GetSoundAsync(name, cancellationToken)).Spec.Paused)
        {
            return false;
        }

        SchedulePause? before = await Files.TryReadPauseAsync(name, cancellationToken);
        await Files.WritePauseAsync(name, new SchedulePause { Paused = true, LastSkipped = before?.LastSkipped }, cancellationToken);
        return true;
    }

    /// <summary>Lets a schedule go on. If something was due in the pause, one backup is made at the next tick.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="skipImmediately">Whether to leave out what was due in the pause.</param>
    /// <returns>False when it was not paused.</returns>
    /// <exception cref="BackupException">NotFound.</exception>
    public async Task<bool> UnpauseAsync(string name, bool skipImmediately, CancellationToken cancellationToken)
    {
        if (!(await GetSoundAsync(name, cancellationToken)).Spec.Paused)
        {
            return false;
        }

        SchedulePause? before = await Files.TryReadPauseAsync(name, cancellationToken);
        DateTimeOffset? skipped = skipImmediately ? time.GetUtcNow() : before?.LastSkipped;
        await Files.WritePauseAsync(name, new SchedulePause { Paused = false, LastSkipped = skipped }, cancellationToken);
        return true;
    }

    internal async Task<VeleroSchedule> GetSoundAsync(string name, CancellationToken cancellationToken)
    {
        ScheduleEntry entry = await GetAsync(name, cancellationToken);
        return entry is { Problem: null, Schedule: { } schedule } ? schedule : throw entry.Problem!; // without a schedule there is a problem
    }

    /// <summary>All schedules without their history: what a tick needs, at one request per blob.</summary>
    internal async IAsyncEnumerable<ScheduleEntry> ListForTickAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SortedSet<string> names = new(configured.Keys, StringComparer.Ordinal);
        await foreach (string name in Files.ListNamesAsync(cancellationToken))
        {
            names.Add(name);
        }

        foreach (string name in names)
        {
            if (await ReadAsync(name, null, cancellationToken) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static BackupException NotFound(string name) =>
        new(ErrorKind.NotFound, $"There is no schedule '{name}'.", "List the schedules with: backupctl schedule get");

    private async Task<ScheduleEntry?> ReadAsync(string name, ScheduleHistory? history, CancellationToken cancellationToken)
    {
        bool isConfigured = configured.TryGetValue(name, out VeleroSchedule? schedule);
        try
        {
            schedule ??= await Files.TryReadAsync(name, cancellationToken);
            if (schedule is null)
            {
                return null; // deleted between the listing and now
            }

            if (schedule.Name != name)
            {
                throw new BackupException(ErrorKind.Corrupt, $"The stored schedule '{name}' holds an object named '{schedule.Name}'.", "Delete it and create it again.");
            }

            SchedulePause? pause = await Files.TryReadPauseAsync(name, cancellationToken);
            schedule = schedule with { Spec = schedule.Spec with { Paused = pause?.Paused ?? schedule.Spec.Paused } };
            ScheduleRules.Check(schedule);
            if (history is null)
            {
                return new ScheduleEntry(name, schedule with { Status = new ScheduleStatus { LastSkipped = pause?.LastSkipped } }, isConfigured, null);
            }

            ScheduleMemory? memory = await Files.TryReadMemoryAsync(name, cancellationToken);
            ScheduleStatus status = new()
            {
                Phase = "Enabled",
                LastBackup = Later(memory?.LastBackup, history.Newest(name, DateTimeOffset.MaxValue)),
                LastSkipped = Later(memory?.LastSkipped, pause?.LastSkipped),
            };
            return new ScheduleEntry(name, schedule with { Status = status }, isConfigured, null);
        }
        catch (BackupException e) when (e.Kind is ErrorKind.Corrupt or ErrorKind.InvalidInput)
        {
            ScheduleStatus failed = new() { Phase = "FailedValidation", ValidationErrors = [e.Message] };
            return new ScheduleEntry(name, schedule is null ? null : schedule with { Status = failed }, isConfigured, e);
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => other is null || one > other ? one : other;
}
