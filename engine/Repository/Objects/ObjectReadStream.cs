using BackupFunctions.Engine.Buffers;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>The bytes of an object, forward only. A few contents are read ahead, in order; more is never held.</summary>
internal sealed class ObjectReadStream : Stream
{
    private readonly ObjectReader _reader;
    private readonly int _readAhead;
    private readonly CancellationTokenSource _ended;
    private readonly IAsyncEnumerator<ObjectPart> _leaves;
    private readonly Queue<Task<PooledBytes>> _ahead = new();
    private PooledBytes? _current;
    private int _currentOffset;
    private long _position;
    private bool _hasMoreLeaves = true;
    private bool _isDisposed;

    /// <param name="leaves">The object's direct parts in order.</param>
    public ObjectReadStream(ObjectReader reader, Func<CancellationToken, IAsyncEnumerable<ObjectPart>> leaves, int readAhead, CancellationToken cancellationToken)
    {
        _reader = reader;
        _readAhead = readAhead;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _leaves = leaves(_ended.Token).GetAsyncEnumerator(_ended.Token);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (_current is null || _currentOffset == _current.Length)
        {
            if (!await TryMoveToNextAsync(cancellationToken))
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _current.Length - _currentOffset);
        _current.Span.Slice(_currentOffset, count).CopyTo(buffer.Span);
        _currentOffset += count;
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _ended.CancelAsync();
            _current?.Dispose();
            foreach (Task<PooledBytes> ahead in _ahead)
            {
                await ahead.ContinueWith(static read => read.IsCompletedSuccessfully ? read.Result : null, TaskScheduler.Default)
                    .ContinueWith(static read => read.Result?.Dispose(), TaskScheduler.Default);
            }

            await _leaves.DisposeAsync();
            _ended.Dispose();
        }

        await base.DisposeAsync();
    }

    /// <summary>Leaves what was read ahead to the collector, because waiting is for <see cref="DisposeAsync"/>.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _ended.Cancel();
            _current?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> TryMoveToNextAsync(CancellationToken cancellationToken)
    {
        _current?.Dispose();
        _current = null;
        _currentOffset = 0;
        while (_hasMoreLeaves && _ahead.Count < _readAhead)
        {
            _hasMoreLeaves = await _leaves.MoveNextAsync();
            if (_hasMoreLeaves)
            {
                ObjectPart leaf = _leaves.Current;
                _ahead.Enqueue(Task.Run(() => _reader.ReadLeafAsync(leaf, _ended.Token), _ended.Token));
            }
        }

        if (!_ahead.TryDequeue(out Task<PooledBytes>? next))
        {
            return false;
        }

        _current = await next.WaitAsync(cancellationToken);
        return true;
    }
}
