using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>
/// The blobs of schedules, under one of the six top-level folders that Velero accepts. Memory and pause are blobs of their own, so
/// that the ticker and somebody who pauses never overwrite each other.
/// </summary>
internal sealed class ScheduleFiles(IBlobStore store)
{
    private const string Objects = "metadata/backup-functions/schedules/";
    private const string Memories = "metadata/backup-functions/schedule-status/";
    private const string Pauses = "metadata/backup-functions/schedule-pauses/";
    private const string Suffix = ".json";
    private const int MaxJsonBytes = 1 << 20;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Names of the schedules in the bucket, in order.</summary>
    public async IAsyncEnumerable<string> ListNamesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BlobInfo blob in store.ListAsync(Objects, cancellationToken))
        {
            string name = blob.Name.ToString();
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && BackupName.TryParse(name[Objects.Length..^Suffix.Length], out BackupName good))
            {
                yield return good.ToString();
            }
        }
    }

    public async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) =>
        await store.TryGetInfoAsync(Blob(Objects, name), cancellationToken) is not null;

    public Task<VeleroSchedule?> TryReadAsync(string name, CancellationToken cancellationToken) =>
        TryReadAsync(Blob(Objects, name), CatalogJsonContext.Default.VeleroSchedule, cancellationToken);

    /// <summary>False when there is a schedule of this name in the bucket.</summary>
    public Task<bool> TryCreateAsync(VeleroSchedule schedule, CancellationToken cancellationToken) =>
        TryCreateAsync(Blob(Objects, schedule.Name), schedule, CatalogJsonContext.Default.VeleroSchedule, cancellationToken);

    public Task<ScheduleMemory?> TryReadMemoryAsync(string name, CancellationToken cancellationToken) =>
        TryReadAsync(Blob(Memories, name), UpkeepJsonContext.Default.ScheduleMemory, cancellationToken);

    /// <summary>False when somebody else remembers something already.</summary>
    public Task<bool> TryCreateMemoryAsync(string name, ScheduleMemory memory, CancellationToken cancellationToken) =>
        TryCreateAsync(Blob(Memories, name), memory, UpkeepJsonContext.Default.ScheduleMemory, cancellationToken);

    public Task WriteMemoryAsync(string name, ScheduleMemory memory, CancellationToken cancellationToken) =>
        store.PutAsync(Blob(Memories, name), Serialize(memory, UpkeepJsonContext.Default.ScheduleMemory), PutCondition.Always, cancellationToken);

    public Task<SchedulePause?> TryReadPauseAsync(string name, CancellationToken cancellationToken) =>
        TryReadAsync(Blob(Pauses, name), UpkeepJsonContext.Default.SchedulePause, cancellationToken);

    public Task WritePauseAsync(string name, SchedulePause pause, CancellationToken cancellationToken) =>
        store.PutAsync(Blob(Pauses, name), Serialize(pause, UpkeepJsonContext.Default.SchedulePause), PutCondition.Always, cancellationToken);

    /// <summary>The object goes last: after a crash the schedule is still listed and can be deleted again.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(Blob(Memories, name), cancellationToken);
        await store.DeleteAsync(Blob(Pauses, name), cancellationToken);
        await store.DeleteAsync(Blob(Objects, name), cancellationToken);
    }

    private static BlobName Blob(string folder, string name) => BlobName.Parse($"{folder}{BackupName.Parse(name)}{Suffix}");

    private static byte[] Serialize<T>(T value, JsonTypeInfo<T> type)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Indented))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return buffer.ToArray();
    }

    private async Task<bool> TryCreateAsync<T>(BlobName blob, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        // Without conditional writes the look before the write has to do; two creations in the same moment end with the later one.
        return store.SupportsConditionalPut
            ? await store.PutAsync(blob, Serialize(value, type), PutCondition.IfAbsent, cancellationToken)
            : await store.TryGetInfoAsync(blob, cancellationToken) is null
                && await store.PutAsync(blob, Serialize(value, type), PutCondition.Always, cancellationToken);
    }

    private async Task<T?> TryReadAsync<T>(BlobName blob, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await using Stream content = await store.OpenReadAsync(blob, null, cancellationToken);
            using MemoryStream all = new();
            byte[] buffer = new byte[4096];
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                all.Write(buffer, 0, read);
                if (all.Length > MaxJsonBytes)
                {
                    throw Damaged(blob, $"it has more than {MaxJsonBytes} bytes", null);
                }
            }

            return JsonSerializer.Deserialize(all.GetBuffer().AsSpan(0, (int)all.Length), type) ?? throw Damaged(blob, "it holds null", null);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw Damaged(blob, e.Message, e);
        }
    }

    private BackupException Damaged(BlobName blob, string problem, Exception? inner) => new(
        ErrorKind.Corrupt, $"'{blob}' in {store.DisplayName} is damaged: {problem}", "Bring it back from an older version, or delete it and create the schedule again.", inner);
}
