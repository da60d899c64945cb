using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>
/// Reads the local index of every pack and publishes what the repository's index does not know. An entry of a pack counts only
/// where it would win against what the index says, deletions that are final included; so nothing that was deleted later comes back.
/// A deletion that was only in a lost index blob is lost, though: garbage collection finds such contents again.
/// </summary>
internal sealed class IndexRebuilder(KopiaRepository repository, RepairOptions options) : IDisposable
{
    /// <summary>Sessions younger than this may still be running: Kopia's own limit.</summary>
    private static readonly TimeSpan SessionAge = TimeSpan.FromHours(96);

    private const int MaxMarkerBytes = 1 << 20;

    private readonly FindingLedger _ledger = new(options.MaxFindings);
    private readonly SemaphoreSlim _publishTurn = new(1, 1);

    // Guards all below.
    private readonly Lock _lock = new();
    private List<IndexEntry> _found = [];
    private RepairReport _report = new();
    private PackSession? _session;

    public async Task<RepairReport> RunAsync(RepairReport report, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        _report = report;
        HashSet<string> running = options.IncludeRunningSessions ? [] : await FindRunningSessionsAsync(cancellationToken);
        Dictionary<BlobName, long> packs = await ListPacksAsync(cancellationToken);
        long done = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(packs, parallel, async (pack, token) =>
        {
            if (running.Contains(PackSurvey.SessionOf(pack.Key.ToString())))
            {
                Count(static report => report with { PacksOfRunningSessions = report.PacksOfRunningSessions + 1 });
            }
            else
            {
                await ReadPackAsync(pack.Key, packs, token);
            }

            progress?.Report(new VerificationProgress("reading packs", Interlocked.Increment(ref done), packs.Count, _ledger.DamageCount));
        });
        await PublishAsync(isEnd: true, cancellationToken);
        if (_session is { } session)
        {
            await session.EndAsync(cancellationToken); // W5
        }

        return _report with { Findings = _ledger.ToReport().Findings };
    }

    public void Dispose() => _publishTurn.Dispose();

    /// <summary>Sessions with a marker that is young, or that does not tell its age.</summary>
    private async Task<HashSet<string>> FindRunningSessionsAsync(CancellationToken cancellationToken)
    {
        HashSet<string> running = [];
        UnixNanos limit = UnixNanos.From(repository.Time.GetUtcNow() - SessionAge);
        await foreach (BlobInfo blob in repository.Store.ListAsync("s", cancellationToken))
        {
            if (!UnixNanos.TryParse((await TryReadMarkerAsync(blob, cancellationToken))?.CheckpointTime, out UnixNanos checkpoint) || checkpoint >= limit)
            {
                running.Add(PackSurvey.SessionOf(blob.Name.ToString()));
            }
        }

        return running;
    }

    private async Task<SessionMarker?> TryReadMarkerAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        try
        {
            byte[] json = repository.Crypto.DecryptBlob(blob.Name, await WholeBlob.ReadAsync(repository.Store, blob, MaxMarkerBytes, cancellationToken));
            return JsonSerializer.Deserialize(json, RepositoryJson.Default.SessionMarker);
        }
        catch (Exception error) when (error is JsonException or RepositoryCorruptException or BackupException { Kind: ErrorKind.NotFound })
        {
            return null; // its session counts as running; verification tells of the damage
        }
    }

    private async Task<Dictionary<BlobName, long>> ListPacksAsync(CancellationToken cancellationToken)
    {
        Dictionary<BlobName, long> packs = [];
        foreach (string prefix in (string[])["p", "q"])
        {
            await foreach (BlobInfo pack in repository.Store.ListAsync(prefix, cancellationToken))
            {
                packs.Add(pack.Name, pack.LengthBytes);
            }
        }

        return packs;
    }

    private async Task ReadPackAsync(BlobName pack, Dictionary<BlobName, long> packs, CancellationToken cancellationToken)
    {
        PackFrame frame;
        try
        {
            frame = await PackFrame.ReadAsync(repository.Store, repository.Crypto, pack, packs[pack], cancellationToken);
        }
        catch (RepositoryCorruptException damaged)
        {
            _ledger.Add(RepositoryFinding.Of(FindingKind.DamagedPackFrame, FindingSeverity.Damage, damaged));
            Count(static report => report with { PacksUnreadable = report.PacksUnreadable + 1 });
            return;
        }
        catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
        {
            return; // removed since the listing, so nothing needs it
        }

        Count(static report => report with { PacksRead = report.PacksRead + 1 });
        bool isTimeToPublish;
        lock (_lock)
        {
            TakeEntries(pack, frame, packs);
            isTimeToPublish = _found.Count >= options.PublishAtEntries;
        }

        if (isTimeToPublish)
        {
            await PublishAsync(isEnd: false, cancellationToken);
        }
    }

    private void TakeEntries(BlobName pack, PackFrame frame, Dictionary<BlobName, long> packs)
    {
        IndexView all = new(repository.Index.Current.Segments, long.MinValue); // without a watermark: final deletions count too
        foreach (IndexEntry entry in frame.Entries)
        {
            if (!IsSound(entry, pack, packs[pack]))
            {
                _ledger.Add(new RepositoryFinding(
                    FindingKind.IndexMismatch, FindingSeverity.Harmless, pack.ToString(), entry.PackOffset, "contents within the pack, or deletions, in its own index", $"{entry.PackedBytes} bytes in {entry.Pack}") { Content = entry.Id.ToString() });
            }
            else if (!all.TryFind(entry.Id, out IndexEntry known) || entry.Beats(known))
            {
                _found.Add(entry);
                _report = entry.IsDeleted
                    ? _report with { DeletionsRecovered = _report.DeletionsRecovered + 1 }
                    : _report with { ContentsRecovered = _report.ContentsRecovered + 1 };
            }
            else if (!known.IsDeleted && !entry.IsDeleted && !packs.ContainsKey(known.Pack))
            {
                _found.Add(entry with { TimestampSeconds = Math.Max(repository.Time.GetUtcNow().ToUnixTimeSeconds(), known.TimestampSeconds + 1) });
                _report = _report with { ContentsRelocated = _report.ContentsRelocated + 1 };
            }
        }
    }

    private bool IsSound(in IndexEntry entry, BlobName pack, long packBytes) =>
        entry.Id.HashLength == repository.Crypto.HashLength
            && (entry.IsDeleted || (entry.Pack == pack && (long)entry.PackOffset + entry.PackedBytes <= packBytes));

    private async Task PublishAsync(bool isEnd, CancellationToken cancellationToken)
    {
        await _publishTurn.WaitAsync(cancellationToken);
        try
        {
            List<IndexEntry> entries;
            lock (_lock)
            {
                if (_found.Count == 0 || (!isEnd && _found.Count < options.PublishAtEntries))
                {
                    return;
                }

                entries = _found;
                _found = [];
            }

            if (options.DryRun)
            {
                return;
            }

            _session ??= await PackSession.StartAsync(repository.Store, repository.Crypto, repository.Options, repository.Time, cancellationToken);
            await repository.Index.PublishAsync(entries, _session.Id, cancellationToken); // the packs are there (W3); the epoch is checked (W4)
            Count(static report => report with { IndexBlobsWritten = report.IndexBlobsWritten + 1 });
        }
        finally
        {
            _publishTurn.Release();
        }
    }

    private void Count(Func<RepairReport, RepairReport> change)
    {
        lock (_lock)
        {
            _report = change(_report);
        }
    }
}
