namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>One bit for each entry of each index segment of a view. All members may be called concurrently.</summary>
internal sealed class ContentBits(IEnumerable<int> segmentCounts)
{
    private const int BitsPerWord = 64;

    private readonly ulong[][] _words = [.. segmentCounts.Select(static count => new ulong[(count + BitsPerWord - 1) / BitsPerWord])];

    /// <summary>Sets a bit; false when it was set already.</summary>
    public bool TrySet(int segment, int position)
    {
        ulong bit = 1UL << (position % BitsPerWord);
        return (Interlocked.Or(ref _words[segment][position / BitsPerWord], bit) & bit) == 0;
    }

    public bool IsSet(int segment, int position) => (Volatile.Read(ref _words[segment][position / BitsPerWord]) & (1UL << (position % BitsPerWord))) != 0;
}
