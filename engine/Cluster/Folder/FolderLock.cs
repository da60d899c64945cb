using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>One writer at a time: inside the process by a semaphore, between processes by an exclusively opened file.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle is never asked for holds nothing to dispose
internal sealed class FolderLock(string root)
#pragma warning restore CA1001
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Far longer than any single change takes.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _path = Path.Combine(root, ".lock");

    /// <summary>Waits for the lock. The caller disposes what it returns to give the lock back.</summary>
    /// <exception cref="KubeApiException">Unavailable: another process holds it for too long.</exception>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return new Held(await OpenAsync(cancellationToken), _gate);
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    private async Task<FileStream> OpenAsync(CancellationToken cancellationToken)
    {
        // The other process lives in real time, whatever clock this cluster was given.
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
            {
                if (TimeProvider.System.GetElapsedTime(start) > MaxWait)
                {
                    throw new KubeApiException(
                        ErrorKind.Unavailable, 0, "Locked", $"The cluster folder's lock {_path} is held by another process.", "Try again when it is done.", e);
                }

                await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            }
        }
    }

    private sealed class Held(FileStream file, SemaphoreSlim gate) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            gate.Release();
        }
    }
}
