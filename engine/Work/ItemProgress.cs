namespace BackupFunctions.Engine.Work;

/// <summary>How far a running item is. That it was written lately is the sign that its worker lives.</summary>
/// <param name="Worker">Who is at it.</param>
/// <param name="ItemsDone">Objects or files done.</param>
/// <param name="ItemsTotal">Objects or files in all, as far as known.</param>
/// <param name="BytesDone">Bytes read or written.</param>
/// <param name="BytesTotal">Bytes in all, as far as known.</param>
public sealed record ItemProgress(string Worker, long ItemsDone, long ItemsTotal, long BytesDone, long BytesTotal);
