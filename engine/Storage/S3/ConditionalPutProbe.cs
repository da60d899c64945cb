using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>
/// Finds out once whether the server decides conditional writes: some ignore the header, and then two claimants would both
/// believe that they won. Puts a scratch blob twice; the second put must be refused.
/// </summary>
internal sealed class ConditionalPutProbe(bool? known, Func<BlobName, CancellationToken, Task<bool>> putIfAbsent, Func<BlobName, CancellationToken, Task> delete)
    : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);
    private bool? result = known;

    /// <summary>What is known; true as long as nothing is.</summary>
    internal bool Supported => result ?? true;

    internal async Task<bool> IsSupportedAsync(CancellationToken cancellationToken)
    {
        if (result is { } answer)
        {
            return answer;
        }

        await one.WaitAsync(cancellationToken);
        try
        {
            result ??= await ProbeAsync(cancellationToken);
            return result.Value;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        BlobName scratch = ScratchNames.New();
        bool refused;
        try
        {
            await putIfAbsent(scratch, cancellationToken);
            refused = !await putIfAbsent(scratch, cancellationToken);
        }
        catch (BackupException error) when (error.Kind == ErrorKind.Unsupported)
        {
            return false; // It knows the header and says that it cannot.
        }

        await delete(scratch, cancellationToken);
        return refused;
    }
}
