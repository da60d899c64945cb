namespace BackupFunctions.Engine.Storage;

/// <summary>One upload in parts. Every member may be called again after a transient failure.</summary>
internal interface IMultipartUpload
{
    /// <summary>Sends a part; the memory is not used after the call returns.</summary>
    /// <param name="number">1, 2, 3 and so on.</param>
    Task PutPartAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Makes the blob visible, whole.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Gives the parts up, so that the server frees their space.</summary>
    Task AbortAsync(CancellationToken cancellationToken);
}
