using System.Collections.Concurrent;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// Opens packs, uploads closed ones side by side, a bounded number in all, and publishes the entries of uploaded packs: at a flush, and
/// before that when they have become many or old. After a failure nothing more is written.
/// </summary>
internal sealed class PackUploader(
    IBlobStore store, RepositoryCrypto crypto, RepositoryParameters parameters, RepositoryOptions options, ContentIndex index, WriteCounters counters, TimeProvider time) : IAsyncDisposable
{
    private const char ManifestPrefix = 'm';

    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _packSlots = new(options.MaxPacksInMemory, options.MaxPacksInMemory);
    private readonly SemaphoreSlim _sessionTurn = new(1, 1);
    private readonly SemaphoreSlim _publishTurn = new(1, 1);

    // Guards _uploads, _durable, _durableCount and _lastPublish.
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _uploads = [];
    private List<IReadOnlyList<IndexEntry>> _durable = [];
    private int _durableCount;
    private long _lastPublish = time.GetTimestamp();

    // Guarded by _sessionTurn; taken while no lane can open a pack.
    private PackSession? _session;

    private volatile Exception? _failure;

    /// <summary>Contents that are in no published index yet.</summary>
    public ConcurrentDictionary<ContentId, PendingContent> Pending { get; } = new();

    /// <summary>Length at which a pack is closed.</summary>
    public int ClosePackAtBytes { get; } = options.ClosePackAtBytes ?? parameters.MaxPackBytes;

    /// <summary>Number of contents at which a pack is closed, so that the entries of tiny contents do not fill the memory.</summary>
    public int MaxEntriesPerPack { get; } = options.MaxPendingEntries;

    /// <exception cref="BackupException">The session failed before; of the same kind as the failure.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not { } failure)
        {
            return;
        }

        const string Text = "the write session failed before and cannot be used any more: ";
        throw failure is BackupException known
            ? new BackupException(known.Kind, Text + known.Message, known.Remedy, known)
            : new InvalidOperationException(Text + failure.Message, failure);
    }

    /// <summary>Ends the session for good; the first reason is kept.</summary>
    public void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            _ended.Cancel();
        }
    }

    /// <summary>Waits until one more pack may be open or on its way, starts a session if there is none, and begins the pack.</summary>
    /// <exception cref="BackupException">The session failed, before or meanwhile.</exception>
    public async Task<OpenPack> OpenPackAsync(char prefix, CancellationToken cancellationToken)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            return await BeginPackAsync(prefix, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ThrowIfFailed(); // the caller is to learn why, not that it ended
            throw;
        }
    }

    private async Task<OpenPack> BeginPackAsync(char prefix, CancellationToken cancellationToken)
    {
        await _packSlots.WaitAsync(cancellationToken);
        try
        {
            await _sessionTurn.WaitAsync(cancellationToken);
            try
            {
                _session ??= await StartSessionAsync(cancellationToken);
                return await OpenPack.BeginAsync(store, prefix, _session, parameters.PackHeader, cancellationToken);
            }
            finally
            {
                _sessionTurn.Release();
            }
        }
        catch (Exception failure)
        {
            _packSlots.Release();
            if (failure is not OperationCanceledException)
            {
                Fail(failure);
            }

            throw;
        }
    }

    /// <summary>Puts a new session's marker.</summary>
    public async Task<PackSession> StartSessionAsync(CancellationToken cancellationToken)
    {
        PackSession session = await PackSession.StartAsync(store, crypto, options, time, cancellationToken);
        counters.AddUploaded(session.MarkerBytes);
        return session;
    }

    /// <summary>Takes the session away, if there is one; the next pack starts another. No pack may be opened meanwhile.</summary>
    public PackSession? TakeSession()
    {
        PackSession? session = _session;
        _session = null;
        return session;
    }

    /// <summary>Uploads a closed pack in the background.</summary>
    public void StartUpload(OpenPack pack)
    {
        Task upload = Task.Run(() => UploadAsync(pack));
        lock (_lock)
        {
            _uploads.RemoveWhere(static finished => finished.IsCompleted);
            _uploads.Add(upload);
        }
    }

    /// <summary>Waits for all uploads that were started.</summary>
    public async Task WhenUploadedAsync(CancellationToken cancellationToken)
    {
        Task[] uploads;
        lock (_lock)
        {
            uploads = [.. _uploads];
        }

        await Task.WhenAll(uploads).WaitAsync(cancellationToken);
        ThrowIfFailed();
    }

    /// <summary>Publishes the entries of all uploaded packs, and deletions, in one index blob.</summary>
    /// <param name="isFlush">
    /// Whether all packs of a flush are uploaded. Else manifests wait: what they need may be in a pack that is still on its way (W7).
    /// </param>
    public async Task PublishAsync(string sessionId, IReadOnlyCollection<IndexEntry> deletions, bool isFlush, CancellationToken cancellationToken)
    {
        await _publishTurn.WaitAsync(cancellationToken);
        try
        {
            List<IndexEntry> durable;
            lock (_lock)
            {
                durable = [.. _durable.SelectMany(static pack => pack).Where(entry => isFlush || entry.Id.Prefix != ManifestPrefix)];
                List<IndexEntry> waiting = isFlush ? [] : [.. _durable.SelectMany(static pack => pack).Where(static entry => entry.Id.Prefix == ManifestPrefix)];
                _durable = [waiting];
                _durableCount = waiting.Count;
                _lastPublish = time.GetTimestamp();
            }

            if (durable.Count + deletions.Count == 0)
            {
                return;
            }

            List<IndexEntry> entries = deletions.Count == 0 ? durable : [.. durable, .. deletions];
            counters.AddUploaded(await index.PublishAsync(entries, sessionId, cancellationToken));
            foreach (IndexEntry entry in durable)
            {
                Pending.TryRemove(entry.Id, out _);
            }
        }
        finally
        {
            _publishTurn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        Task[] uploads;
        lock (_lock)
        {
            uploads = [.. _uploads];
        }

        await Task.WhenAll(uploads); // they end without throwing
        _ended.Dispose();
        _packSlots.Dispose();
        _sessionTurn.Dispose();
        _publishTurn.Dispose();
    }

    /// <summary>Never throws: a failure ends the session and is reported to whoever uses it next.</summary>
    private async Task UploadAsync(OpenPack pack)
    {
        try
        {
            try
            {
                counters.AddPack(await pack.PublishAsync(crypto, parameters.IndexVersion, _ended.Token));
            }
            finally
            {
                await pack.DisposeAsync();
                _packSlots.Release();
            }

            bool isTimeToPublish;
            lock (_lock)
            {
                _durable.Add(pack.Entries); // from here on, never before, the entries may be published (W3)
                _durableCount += pack.Entries.Count;
                isTimeToPublish = _durableCount >= options.MaxPendingEntries || time.GetElapsedTime(_lastPublish) >= options.IndexFlush;
            }

            if (isTimeToPublish)
            {
                await PublishAsync(pack.Session.Id, [], isFlush: false, _ended.Token);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The session failed or was given up; the pack is no part of anything.
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }
}
