using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>What there is to do with the index blobs of epochs (docs/repository-format.md, "Epochs"). Pure, from one listing.</summary>
internal static class EpochRules
{
    /// <summary>
    /// The oldest epoch that is neither merged nor covered by a range, if nobody writes to it any more. One after the other: Kopia refuses to go
    /// on when there are gaps between merged epochs.
    /// </summary>
    public static long? NextToCompact(EpochState state)
    {
        long epoch = state.FirstUnranged;
        while (state.CompactionOf(epoch) is not null)
        {
            epoch++;
        }

        return epoch <= state.LastSettled && state.IndexesOf(epoch).Count > 0 ? epoch : null;
    }

    /// <summary>Whether the next epoch may begin: this one has lasted long enough, and has so many or so large blobs that merging them pays.</summary>
    public static bool ShouldAdvance(EpochState state, EpochParameters parameters)
    {
        IReadOnlyList<BlobInfo> blobs = state.IndexesOf(state.WriteEpoch);
        return blobs.Count > 0
            && blobs.Max(static blob => blob.LastModified) - blobs.Min(static blob => blob.LastModified) >= TimeSpan.FromTicks(parameters.MinEpochDuration / 100)
            && (blobs.Count >= parameters.EpochAdvanceOnCountThreshold || blobs.Sum(static blob => blob.LengthBytes) >= parameters.EpochAdvanceOnTotalSizeBytesThreshold);
    }

    /// <summary>
    /// The epochs to merge into the next range: all settled ones that none covers, if they are many. A range of one epoch is never made:
    /// Kopia does not read it as one.
    /// </summary>
    public static (long First, long Last)? NextRange(EpochState state, EpochParameters parameters)
    {
        (long first, long last) = (state.FirstUnranged, state.LastSettled);
        return last - first >= Math.Max(parameters.FullCheckpointFrequency, 1) ? (first, last) : null;
    }

    /// <summary>
    /// Index blobs that a merged epoch stands for (M6): those that were there when the merge was put, once it is so much older than the newest
    /// index blob that no reader goes by a listing without it.
    /// </summary>
    /// <param name="margin">How much older; null when there are no other readers.</param>
    public static List<BlobInfo> Superseded(EpochState state, TimeSpan? margin)
    {
        List<BlobInfo> superseded = [];
        foreach (long epoch in state.IndexedEpochs.Where(epoch => epoch <= state.LastSettled))
        {
            if (state.CompactionOf(epoch) is { } merged && merged.Max(static blob => blob.LastModified) is var mergedAt && IsPast(state, mergedAt, margin))
            {
                superseded.AddRange(state.IndexesOf(epoch).Where(blob => blob.LastModified <= mergedAt));
            }
        }

        return superseded;
    }

    /// <summary>Markers that say nothing any more: of epochs long past, and watermarks that a later one passed.</summary>
    public static List<BlobInfo> DeadMarkers(EpochState state, TimeSpan? margin) =>
    [
        .. state.Markers.Where(marker => marker.Epoch < state.WriteEpoch - 1).Select(static marker => marker.Blob),
        .. state.Watermarks.Where(mark => mark.Seconds != state.WatermarkSeconds && IsPast(state, mark.Blob.LastModified, margin)).Select(static mark => mark.Blob),
    ];

    /// <summary>Whether something lies so far back; the newest index blobs tell the store's time.</summary>
    private static bool IsPast(EpochState state, DateTimeOffset time, TimeSpan? margin)
    {
        if (margin is not { } needed)
        {
            return true;
        }

        DateTimeOffset? newest = null;
        for (long epoch = Math.Max(state.WriteEpoch - 1, 0); epoch <= state.WriteEpoch + 1; epoch++)
        {
            foreach (BlobInfo blob in state.IndexesOf(epoch))
            {
                newest = newest is null || blob.LastModified > newest ? blob.LastModified : newest;
            }
        }

        return newest is { } now && time < now - needed;
    }
}
