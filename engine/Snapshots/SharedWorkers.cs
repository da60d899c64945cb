using System.Runtime.ExceptionServices;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// The workers of one run, shared by all levels of a tree: work is given to a free worker if there is one and done by the caller
/// otherwise, so that the degree holds however the tree is shaped and nobody waits for a worker. The first failure stops all.
/// </summary>
internal sealed class SharedWorkers : IDisposable
{
    private readonly SemaphoreSlim _free;
    private readonly CancellationTokenSource _stop;
    private readonly SharedWorkers? _others;
    private ExceptionDispatchInfo? _failure;

    public SharedWorkers(int degree, CancellationToken cancellationToken)
    {
        _free = new SemaphoreSlim(degree - 1);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = _stop.Token;
    }

    /// <summary>Further workers of a run: a failure of either stops both, and is that of the run.</summary>
    public SharedWorkers(int degree, SharedWorkers others)
        : this(degree, others.Token) => _others = others;

    /// <summary>Cancelled by the caller, or by the first failure.</summary>
    public CancellationToken Token { get; }

    /// <summary>Does the whole run; throws its first failure even where others noticed the stop before it arrived.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> run)
    {
        try
        {
            T result = await run();
            _failure?.Throw();
            return result;
        }
        catch (Exception error)
        {
            Fail(error);
            _failure?.Throw();
            throw;
        }
    }

    /// <summary>Starts the work elsewhere, or does it before returning. The caller awaits the result either way.</summary>
    public async ValueTask<Task<T>> StartAsync<T>(Func<Task<T>> work)
    {
        if (_free.Wait(0, CancellationToken.None))
        {
            return Task.Run(() => DoAsync(work, isElsewhere: true), CancellationToken.None);
        }

        Task<T> done = DoAsync(work, isElsewhere: false);
        await ((Task)done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the error is met where the result is taken
        return done;
    }

    /// <summary>Keeps the first failure and stops all work.</summary>
    public void Fail(Exception error)
    {
        if (error is not OperationCanceledException)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
        }

        _others?.Fail(error); // before anybody is stopped here: what they say then is not why
        _stop.Cancel();
    }

    public void Dispose()
    {
        _free.Dispose();
        _stop.Dispose();
    }

    private async Task<T> DoAsync<T>(Func<Task<T>> work, bool isElsewhere)
    {
        try
        {
            return await work();
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
        finally
        {
            if (isElsewhere)
            {
                _free.Release();
            }
        }
    }
}
