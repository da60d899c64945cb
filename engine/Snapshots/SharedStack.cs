namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Work that makes more work, shared by several workers: the latest is taken first, so that little waits. It ends when none is left and nobody
/// is at work.
/// </summary>
internal sealed class SharedStack<T> : IDisposable
    where T : class
{
    private readonly SemaphoreSlim _filled = new(0);

    // Guards the three below.
    private readonly Lock _lock = new();
    private readonly Stack<T> _items = [];
    private int _working;
    private bool _hasEnded;

    public void Push(T item)
    {
        lock (_lock)
        {
            _items.Push(item);
        }

        _filled.Release();
    }

    /// <summary>Waits for work; null when it is all done. Whoever got some calls <see cref="Done"/> when it is done, after pushing what it made.</summary>
    public async Task<T?> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            EndIfDone();
        }

        await _filled.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (_hasEnded)
            {
                _filled.Release(); // for the next one
                return null;
            }

            _working++;
            return _items.Pop();
        }
    }

    public void Done()
    {
        lock (_lock)
        {
            _working--;
            EndIfDone();
        }
    }

    public void Dispose() => _filled.Dispose();

    private void EndIfDone()
    {
        if (!_hasEnded && _working == 0 && _items.Count == 0)
        {
            _hasEnded = true;
            _filled.Release();
        }
    }
}
