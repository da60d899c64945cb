using System.Text.Json;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// Merges and clears up the index blobs of the old scheme: the merge is put, then a log entry that says what it stands for; later the merged
/// blobs are deleted, and later still the log entry.
/// </summary>
/// <param name="start">When the run began, by the store's clock.</param>
internal sealed class LegacyIndexMaintenance(KopiaRepository repository, SafetyMargins margins, DateTimeOffset start)
{
    private const string CleanupPrefix = "l";
    private const int MaxCleanupBytes = 16 << 20;

    private readonly LegacyIndexBlobStore _indexes = new(repository.Store, repository.Crypto);

    /// <summary>Merges small index blobs when there are many, and deletes what was merged long enough ago.</summary>
    public async Task<MaintenanceTaskReport> CompactAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<BlobInfo> active = (await _indexes.ListActiveAsync(cancellationToken)).Blobs;
        List<BlobInfo> inputs = LegacyIndexRules.ToCompact(active, repository.Parameters.MaxPackBytes);
        if (inputs.Count > 1)
        {
            await ReplaceAsync(inputs, new IndexMerge(await repository.Index.LoadSegmentsAsync(inputs, cancellationToken)), cancellationToken);
        }

        return await ClearUpAsync(TaskNames.IndexCompaction, [new("mergedIndexBlob", inputs.Count, inputs.Sum(static blob => blob.LengthBytes))], cancellationToken);
    }

    /// <summary>
    /// Leaves out contents that were deleted before a second (M3). All index blobs are merged at once: an older entry that were left in another
    /// one would bring the content back.
    /// </summary>
    public async Task<MaintenanceTaskReport> DropDeletedAsync(long second, CancellationToken cancellationToken)
    {
        await repository.RefreshAsync(cancellationToken);
        IReadOnlyList<BlobInfo> active = (await _indexes.ListActiveAsync(cancellationToken)).Blobs;
        List<IndexSegment> segments = await repository.Index.LoadSegmentsAsync(active, cancellationToken);
        long all = new IndexMerge(segments).EntryCount;
        IndexMerge kept = new(segments, entry => !entry.IsDeleted || entry.TimestampSeconds >= second);
        if (kept.EntryCount > 0 && kept.EntryCount < all)
        {
            await ReplaceAsync(active, kept, cancellationToken);
        }

        return await ClearUpAsync(TaskNames.DropDeletedContents, [new("droppedContent", all - kept.EntryCount), new("watermarkSecond", second)], cancellationToken);
    }

    private async Task ReplaceAsync(IReadOnlyList<BlobInfo> inputs, IndexMerge merge, CancellationToken cancellationToken)
    {
        List<CompactionLogBlob> outputs = [];
        foreach (byte[] shard in merge.Shards(repository.Parameters.IndexVersion, hasRandomTail: true))
        {
            (BlobName name, int storedBytes) = await PutAsync(LegacyIndexBlobStore.IndexPrefix, shard, cancellationToken);
            outputs.Add(new CompactionLogBlob { Id = name.ToString(), LengthBytes = storedBytes, Timestamp = Now() });
        }

        CompactionLogEntry log = new()
        {
            Inputs = [.. inputs.Select(static blob => new CompactionLogBlob { Id = blob.Name.ToString(), LengthBytes = blob.LengthBytes, Timestamp = UnixNanos.From(blob.LastModified).ToString() })],
            Outputs = outputs,
        };
        await PutAsync(LegacyIndexBlobStore.LogPrefix, JsonSerializer.SerializeToUtf8Bytes(log, RepositoryJson.Default.CompactionLogEntry), cancellationToken);
        await repository.RefreshAsync(cancellationToken);
    }

    private async Task<MaintenanceTaskReport> ClearUpAsync(string task, IReadOnlyList<MaintenanceFigure> figures, CancellationToken cancellationToken)
    {
        BlobDeletion doneWith = await DeleteScheduledAsync(cancellationToken);
        List<LoggedCompaction> logs = await ReadLogAsync(cancellationToken);
        Dictionary<string, BlobInfo> existing = [];
        await foreach (BlobInfo blob in repository.Store.ListAsync(LegacyIndexBlobStore.IndexPrefix, cancellationToken))
        {
            existing[blob.Name.ToString()] = blob;
        }

        HashSet<string> names = [.. existing.Keys];
        BlobDeletion deleted = default;
        foreach (List<string> group in LegacyIndexRules.Replaced(logs, names.ToHashSet(), start, margins.IndexSettleTime)) // (M6)
        {
            deleted += await BlobDeletion.RunAsync(repository.Store, [.. group.Select(name => existing[name])], cancellationToken);
            names.ExceptWith(group);
        }

        List<BlobInfo> dead = LegacyIndexRules.DoneWith(logs, names);
        if (margins.IndexSettleTime == TimeSpan.Zero)
        {
            doneWith += await BlobDeletion.RunAsync(repository.Store, dead, cancellationToken);
        }
        else
        {
            await ScheduleAsync(dead, cancellationToken);
        }

        return new MaintenanceTaskReport(task, [.. figures, new("deletedIndexBlob", deleted.Count, deleted.Bytes), new("deletedLogEntry", doneWith.Count, doneWith.Bytes)])
        {
            DeletedBlobs = deleted.Count + doneWith.Count,
            FreedBytes = deleted.Bytes + doneWith.Bytes,
        };
    }

    /// <summary>Deletes log entries that were noted as done with long enough ago, then the notes.</summary>
    private async Task<BlobDeletion> DeleteScheduledAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, BlobInfo> logs = [];
        await foreach (BlobInfo log in repository.Store.ListAsync(LegacyIndexBlobStore.LogPrefix, cancellationToken))
        {
            logs[log.Name.ToString()] = log;
        }

        List<BlobInfo> notes = [];
        List<BlobInfo> dead = [];
        await foreach (BlobInfo note in repository.Store.ListAsync(CleanupPrefix, cancellationToken))
        {
            if (LegacyIndexRules.IsSettled(note, start, margins.IndexSettleTime))
            {
                notes.Add(note);
                dead.AddRange((await ReadNoteAsync(note, cancellationToken)).Where(logs.ContainsKey).Select(name => logs[name]));
            }
        }

        BlobDeletion first = await BlobDeletion.RunAsync(repository.Store, dead, cancellationToken);
        return first + await BlobDeletion.RunAsync(repository.Store, notes, cancellationToken);
    }

    /// <summary>Notes log entries for deletion by a later run, but for those that are noted already.</summary>
    private async Task ScheduleAsync(List<BlobInfo> dead, CancellationToken cancellationToken)
    {
        HashSet<string> scheduled = [];
        await foreach (BlobInfo note in repository.Store.ListAsync(CleanupPrefix, cancellationToken))
        {
            scheduled.UnionWith(await ReadNoteAsync(note, cancellationToken));
        }

        List<string> fresh = [.. dead.Select(static blob => blob.Name.ToString()).Where(name => !scheduled.Contains(name))];
        if (fresh.Count > 0)
        {
            CleanupEntry entry = new() { BlobIds = fresh, ScheduledAt = Now() };
            await PutAsync(CleanupPrefix, JsonSerializer.SerializeToUtf8Bytes(entry, RepositoryJson.Default.CleanupEntry), cancellationToken);
        }
    }

    private async Task<List<LoggedCompaction>> ReadLogAsync(CancellationToken cancellationToken)
    {
        List<LoggedCompaction> logs = [];
        await foreach (BlobInfo blob in repository.Store.ListAsync(LegacyIndexBlobStore.LogPrefix, cancellationToken))
        {
            CompactionLogEntry entry = await _indexes.ReadLogAsync(blob, cancellationToken);
            logs.Add(new LoggedCompaction(blob, NamesOf(entry.Inputs), NamesOf(entry.Outputs)));
        }

        return logs;
    }

    private async Task<List<string>> ReadNoteAsync(BlobInfo note, CancellationToken cancellationToken)
    {
        byte[] plain = repository.Crypto.DecryptBlob(note.Name, await WholeBlob.ReadAsync(repository.Store, note, MaxCleanupBytes, cancellationToken));
        try
        {
            return JsonSerializer.Deserialize(plain, RepositoryJson.Default.CleanupEntry)?.BlobIds ?? [];
        }
        catch (JsonException malformed)
        {
            throw new RepositoryCorruptException(note.Name.ToString(), malformed.BytePositionInLine, "a cleanup entry", "something else", malformed);
        }
    }

    private async Task<(BlobName Name, int StoredBytes)> PutAsync(string prefix, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        (string text, byte[] stored) = repository.Crypto.EncryptBlob(prefix, plain.Span, "");
        BlobName name = BlobName.Parse(text);
        await repository.Store.PutAsync(name, stored, PutCondition.Always, cancellationToken);
        return (name, stored.Length);
    }

    private string Now() => UnixNanos.From(repository.Time.GetUtcNow()).ToString();

    private static List<string> NamesOf(List<CompactionLogBlob>? blobs) => [.. (blobs ?? []).Select(static blob => blob.Id).OfType<string>()];
}
