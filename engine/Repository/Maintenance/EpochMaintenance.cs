using System.Globalization;
using System.Security.Cryptography;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Merges and clears up the index blobs of epochs. Every step may be done by several at once and repeated: merging drops nothing.</summary>
internal sealed class EpochMaintenance(KopiaRepository repository, SafetyMargins margins)
{
    private const int SetIdBytes = 8;

    private readonly EpochIndexBlobStore _indexes = new(repository.Store, repository.Crypto, repository.Parameters.Epochs.RefreshFrequency, repository.Time);

    private TimeSpan? Margin => margins.HonoursEpochMargin ? TimeSpan.FromTicks(repository.Parameters.Epochs.CleanupSafetyMargin / 100) : null;

    /// <summary>Merges the index blobs of each epoch that nobody writes to any more.</summary>
    public async Task<MaintenanceTaskReport> CompactEpochsAsync(CancellationToken cancellationToken)
    {
        long last = -1, epochs = 0, inputs = 0, inputBytes = 0, outputs = 0, outputBytes = 0;
        while (true)
        {
            EpochState state = await _indexes.ReadStateAsync(cancellationToken);
            if (EpochRules.NextToCompact(state) is not { } epoch || epoch <= last)
            {
                break; // also when a listing does not show the merge that was just put
            }

            IReadOnlyList<BlobInfo> blobs = state.IndexesOf(epoch);
            (int count, long bytes) = await MergeAsync(string.Create(CultureInfo.InvariantCulture, $"xs{epoch}_"), blobs, cancellationToken);
            if (count == 0)
            {
                break; // indexes without any entry, which nobody writes: they stay as they are
            }

            (last, outputs, outputBytes) = (epoch, outputs + count, outputBytes + bytes);
            (epochs, inputs, inputBytes) = (epochs + 1, inputs + blobs.Count, inputBytes + blobs.Sum(static blob => blob.LengthBytes));
        }

        return new MaintenanceTaskReport(
            TaskNames.CompactEpoch, [new("compactedEpoch", epochs), new("supersededIndexBlob", inputs, inputBytes), new("writtenIndexBlob", outputs, outputBytes)]);
    }

    /// <summary>Begins the next epoch if it is time.</summary>
    public async Task<MaintenanceTaskReport> AdvanceAsync(CancellationToken cancellationToken)
    {
        EpochState state = await _indexes.ReadStateAsync(cancellationToken);
        bool advances = EpochRules.ShouldAdvance(state, repository.Parameters.Epochs);
        if (advances)
        {
            BlobName marker = BlobName.Parse(string.Create(CultureInfo.InvariantCulture, $"xe{state.WriteEpoch + 1}"));
            await repository.Store.PutAsync(marker, "epoch-marker"u8.ToArray(), PutCondition.Always, cancellationToken);
        }

        return new MaintenanceTaskReport(TaskNames.AdvanceEpoch, [new("currentEpoch", state.WriteEpoch + (advances ? 1 : 0)), new("advancedEpoch", advances ? 1 : 0)]);
    }

    /// <summary>Merges all epochs since the last range into another range, if there are many.</summary>
    public async Task<MaintenanceTaskReport> CompactRangeAsync(CancellationToken cancellationToken)
    {
        EpochState state = await _indexes.ReadStateAsync(cancellationToken);
        if (EpochRules.NextRange(state, repository.Parameters.Epochs) is not { } range)
        {
            return new MaintenanceTaskReport(TaskNames.EpochRange, []) { Skipped = "there are few epochs since the last range" };
        }

        List<BlobInfo> blobs = [];
        for (long epoch = range.First; epoch <= range.Last; epoch++)
        {
            blobs.AddRange(state.CompactionOf(epoch) ?? state.IndexesOf(epoch));
        }

        string prefix = string.Create(CultureInfo.InvariantCulture, $"xr{range.First}_{range.Last}_");
        (int count, long bytes) = await MergeAsync(prefix, blobs, cancellationToken);
        return new MaintenanceTaskReport(
            TaskNames.EpochRange, [new("rangeEpoch", range.Last - range.First + 1), new("mergedIndexBlob", blobs.Count), new("writtenIndexBlob", count, bytes)]);
    }

    /// <summary>Deletes markers of epochs long past, and watermarks that a later one passed.</summary>
    public async Task<MaintenanceTaskReport> DeleteMarkersAsync(CancellationToken cancellationToken)
    {
        List<BlobInfo> dead = EpochRules.DeadMarkers(await _indexes.ReadStateAsync(cancellationToken), Margin);
        return Deleted(TaskNames.CleanupEpochMarkers, "deletedMarker", await BlobDeletion.RunAsync(repository.Store, dead, cancellationToken));
    }

    /// <summary>Deletes index blobs that merged epochs stand for.</summary>
    public async Task<MaintenanceTaskReport> DeleteSupersededAsync(CancellationToken cancellationToken)
    {
        List<BlobInfo> superseded = EpochRules.Superseded(await _indexes.ReadStateAsync(cancellationToken), Margin); // (M6)
        return Deleted(TaskNames.DeleteSupersededIndexes, "deletedIndexBlob", await BlobDeletion.RunAsync(repository.Store, superseded, cancellationToken));
    }

    /// <summary>Makes deletions up to a second final; never moves back.</summary>
    public async Task<MaintenanceTaskReport> DropDeletedAsync(long second, CancellationToken cancellationToken)
    {
        long present = (await _indexes.ReadStateAsync(cancellationToken)).WatermarkSeconds;
        if (second > present)
        {
            BlobName name = BlobName.Parse(string.Create(CultureInfo.InvariantCulture, $"xw{second}"));
            await repository.Store.PutAsync(name, "deletion-watermark"u8.ToArray(), PutCondition.Always, cancellationToken);
            await repository.RefreshAsync(cancellationToken);
        }

        return new MaintenanceTaskReport(TaskNames.DropDeletedContents, [new("watermarkSecond", Math.Max(second, present))]);
    }

    private static MaintenanceTaskReport Deleted(string task, string figure, BlobDeletion deleted) =>
        new(task, [new(figure, deleted.Count, deleted.Bytes)]) { DeletedBlobs = deleted.Count, FreedBytes = deleted.Bytes };

    /// <summary>
    /// Puts the merge of index blobs as a set: readers take it only when all its blobs are there, so it may break off anywhere.
    /// </summary>
    /// <returns>How many blobs it made, and their stored length; none when there are no entries.</returns>
    private async Task<(int Count, long Bytes)> MergeAsync(string prefix, IReadOnlyCollection<BlobInfo> blobs, CancellationToken cancellationToken)
    {
        IndexMerge merge = new(await repository.Index.LoadSegmentsAsync(blobs, cancellationToken));
        string set = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SetIdBytes));
        string suffix = string.Create(CultureInfo.InvariantCulture, $"s{set}-c{merge.ShardCount}");
        long bytes = 0;
        foreach (byte[] shard in merge.Shards(repository.Parameters.IndexVersion, hasRandomTail: false))
        {
            (string stem, byte[] stored) = repository.Crypto.EncryptBlob("", shard, suffix);
            await repository.Store.PutAsync(BlobName.Parse(prefix + stem), stored, PutCondition.Always, cancellationToken);
            bytes += stored.Length;
        }

        return (merge.ShardCount, bytes);
    }
}
