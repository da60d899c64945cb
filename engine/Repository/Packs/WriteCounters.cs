namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>What a write session did, counted from many threads.</summary>
internal sealed class WriteCounters
{
    private long _newContents;
    private long _newBytes;
    private long _deduplicatedContents;
    private long _deduplicatedBytes;
    private long _packedBytes;
    private long _packs;
    private long _uploadedBytes;

    public WriteStatistics Snapshot() => new(
        Interlocked.Read(ref _newContents),
        Interlocked.Read(ref _newBytes),
        Interlocked.Read(ref _deduplicatedContents),
        Interlocked.Read(ref _deduplicatedBytes),
        Interlocked.Read(ref _packedBytes),
        Interlocked.Read(ref _packs),
        Interlocked.Read(ref _uploadedBytes));

    public void AddNew(int plainBytes, int packedBytes)
    {
        Interlocked.Increment(ref _newContents);
        Interlocked.Add(ref _newBytes, plainBytes);
        Interlocked.Add(ref _packedBytes, packedBytes);
    }

    public void AddDeduplicated(int plainBytes)
    {
        Interlocked.Increment(ref _deduplicatedContents);
        Interlocked.Add(ref _deduplicatedBytes, plainBytes);
    }

    public void AddPack(int bytes)
    {
        Interlocked.Increment(ref _packs);
        Interlocked.Add(ref _uploadedBytes, bytes);
    }

    public void AddUploaded(long bytes) => Interlocked.Add(ref _uploadedBytes, bytes);
}
