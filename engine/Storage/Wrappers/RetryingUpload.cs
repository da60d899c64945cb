namespace BackupFunctions.Engine.Storage.Wrappers;

/// <summary>Repeats each step of an upload in parts by itself.</summary>
internal sealed class RetryingUpload(IMultipartUpload inner, RetryPolicy policy) : IMultipartUpload
{
    public Task PutPartAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        RunAsync(token => inner.PutPartAsync(number, content, token), cancellationToken);

    public Task CompleteAsync(CancellationToken cancellationToken) => RunAsync(inner.CompleteAsync, cancellationToken);

    public Task AbortAsync(CancellationToken cancellationToken) => RunAsync(inner.AbortAsync, cancellationToken);

    private Task<bool> RunAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken) => policy.RunAsync(
        async token =>
        {
            await step(token);
            return true;
        },
        cancellationToken);
}
