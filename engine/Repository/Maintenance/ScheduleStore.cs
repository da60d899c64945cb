using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Reads and puts the schedule's blob.</summary>
internal sealed class ScheduleStore(IBlobStore store, FormatStore format, RepositoryParameters parameters)
{
    private const int MaxBytes = 16 << 20;

    private static readonly BlobName Name = BlobName.Parse(MaintenanceSchedule.BlobId);

    /// <summary>The schedule; an empty one when nobody wrote one.</summary>
    /// <exception cref="BackupException">Corrupt.</exception>
    public async Task<MaintenanceSchedule> LoadAsync(CancellationToken cancellationToken)
    {
        byte[] stored;
        try
        {
            stored = await WholeBlob.ReadAsync(store, Name, MaxBytes, cancellationToken);
        }
        catch (BackupException missing) when (missing.Kind == ErrorKind.NotFound)
        {
            return new MaintenanceSchedule();
        }

        byte[] plain = format.DecryptMaintenance(parameters, stored);
        try
        {
            MaintenanceSchedule schedule = JsonSerializer.Deserialize(plain, RepositoryJson.Default.MaintenanceSchedule) ?? throw Malformed();
            return HasTimes(schedule.NextFull) && HasTimes(schedule.NextQuick) && (schedule.Runs ?? []).Values.All(static runs => runs is not null && runs.TrueForAll(static run => run is { HasTimes: true }))
                ? schedule
                : throw Malformed();
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }

    /// <summary>Replaces the blob.</summary>
    public async Task SaveAsync(MaintenanceSchedule schedule, CancellationToken cancellationToken)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(schedule, RepositoryJson.Default.MaintenanceSchedule);
        byte[] stored = format.EncryptMaintenance(parameters, plain);
        await store.PutAsync(Name, stored, PutCondition.Always, cancellationToken);
    }

    /// <summary>When the store took the blob, by the store's clock.</summary>
    public async Task<DateTimeOffset> SavedAtAsync(CancellationToken cancellationToken) =>
        (await store.TryGetInfoAsync(Name, cancellationToken))?.LastModified
            ?? throw new BackupException(ErrorKind.Conflict, $"the blob {Name} that was just put into {store.DisplayName} is gone", "Look for who else writes there, and try again.");

    private static bool HasTimes(string? time) => time is null || UnixNanos.TryParse(time, out _);

    private static RepositoryCorruptException Malformed(Exception? inner = null) =>
        new(MaintenanceSchedule.BlobId, null, "JSON of a maintenance schedule", "something else", inner);
}
