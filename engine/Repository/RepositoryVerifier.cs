using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Verification;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Verifies what is stored: blobs against the index, every small blob byte by byte, and as far as asked the contents and frames of
/// packs. Reads past all caches, changes nothing, and goes on after damage; memory does not grow with the number of contents. What
/// of the snapshots is hit tells the verifier of snapshots. Open the repository by <see cref="DamagedRepository"/>, so that damaged
/// index blobs do not keep it from being looked at.
/// </summary>
public sealed class RepositoryVerifier(KopiaRepository repository)
{
    /// <summary>Index blobs from this length on are read one at a time.</summary>
    private const long LargeBlobBytes = 16 << 20;

    /// <summary>Verifies the repository in its present state; snapshots' trees are not walked.</summary>
    /// <exception cref="BackupException">InvalidInput: the options; or the store failed. Damage is in the report.</exception>
    public async Task<VerificationReport> VerifyAsync(VerificationOptions options, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        FindingLedger ledger = CreateLedger(options);
        await VerifyAsync(options, ledger, progress, cancellationToken);
        return ledger.ToReport();
    }

    /// <summary>Checks the options and makes the ledger for them.</summary>
    internal static FindingLedger CreateLedger(VerificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Validate() is { Count: > 0 } problems
            ? throw new BackupException(ErrorKind.InvalidInput, $"the options of the verification are wrong: {string.Join("; ", problems)}", "Correct the options.")
            : new FindingLedger(options.MaxFindings);
    }

    internal async Task VerifyAsync(VerificationOptions options, FindingLedger ledger, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        IBlobStore store = HidingBlobStore.WholeOf(repository.GivenStore);
        progress?.Report(new VerificationProgress("listing blobs", 0, null, 0));
        PackSurvey survey = await PackSurvey.RunAsync(repository, store, ledger, cancellationToken);
        await CheckBlobsAsync(store, survey, options, ledger, progress, cancellationToken);
        if (options.ContentPercent > 0 || options.PackFrames)
        {
            await CheckPacksAsync(store, survey, options, ledger, progress, cancellationToken);
        }
    }

    private async Task CheckBlobsAsync(
        IBlobStore store, PackSurvey survey, VerificationOptions options, FindingLedger ledger, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        AddIgnoredIndexes(survey, ledger);
        BlobChecker checker = new(repository, store, ledger);
        long done = 0;
        async ValueTask CheckAsync(BlobInfo blob, CancellationToken token)
        {
            await checker.CheckAsync(blob, token);
            progress?.Report(new VerificationProgress("reading blobs", Interlocked.Increment(ref done), survey.Others.Count, ledger.DamageCount));
        }

        await Parallel.ForEachAsync(survey.Others.Where(static blob => blob.LengthBytes < LargeBlobBytes), Degree(options.Parallelism, cancellationToken), CheckAsync);
        await Parallel.ForEachAsync(survey.Others.Where(static blob => blob.LengthBytes >= LargeBlobBytes), Degree(1, cancellationToken), CheckAsync);
    }

    /// <summary>Index blobs of epochs after the next one count for nobody: the marker of their epoch is gone.</summary>
    private void AddIgnoredIndexes(PackSurvey survey, FindingLedger ledger)
    {
        if (!repository.Parameters.Epochs.Enabled)
        {
            return;
        }

        long writeEpoch = EpochState.From(survey.Others).WriteEpoch;
        foreach (BlobInfo blob in survey.Others)
        {
            if (EpochBlobName.TryParse(blob.Name, out EpochBlobName name) && name.Kind is EpochBlobKind.Index or EpochBlobKind.Single && name.First > writeEpoch + 1)
            {
                ledger.Add(new RepositoryFinding(
                    FindingKind.IgnoredIndex, FindingSeverity.Damage, blob.Name.ToString(), null, $"an epoch of at most {writeEpoch + 1}, the next one by the markers", $"{name.First}"));
            }
        }
    }

    /// <summary>Reads packs in batches: so many that the index entries of a batch fit into memory, which are collected by one pass over the index.</summary>
    private async Task CheckPacksAsync(
        IBlobStore store, PackSurvey survey, VerificationOptions options, FindingLedger ledger, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        FormatCopies copies = new(await ReadFormatBlobAsync(store, cancellationToken), ledger);
        PackChecker checker = new(repository, store, survey, copies, options, ledger);
        long done = 0;
        foreach (List<SurveyedPack> batch in BatchesOf(survey, options))
        {
            Dictionary<BlobName, List<IndexEntry>> named = EntriesOf(survey.View, batch, cancellationToken);
            await Parallel.ForEachAsync(batch, Degree(options.Parallelism, cancellationToken), async (pack, token) =>
            {
                await checker.CheckAsync(pack, named[pack.Name], token);
                progress?.Report(new VerificationProgress("reading packs", Interlocked.Increment(ref done), survey.Packs.Count, ledger.DamageCount));
            });
        }
    }

    private static IEnumerable<List<SurveyedPack>> BatchesOf(PackSurvey survey, VerificationOptions options)
    {
        List<SurveyedPack> batch = [];
        long entries = 0;
        foreach (SurveyedPack pack in survey.Packs.Where(pack => pack.IsReferenced || options.PackFrames))
        {
            if (batch.Count > 0 && entries + pack.Contents > options.BatchEntries)
            {
                yield return batch;
                batch = [];
                entries = 0;
            }

            batch.Add(pack);
            entries += pack.Contents + 1;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static Dictionary<BlobName, List<IndexEntry>> EntriesOf(IndexView view, List<SurveyedPack> batch, CancellationToken cancellationToken)
    {
        const int LookEvery = 1 << 16;
        Dictionary<BlobName, List<IndexEntry>> named = batch.ToDictionary(static pack => pack.Name, static _ => new List<IndexEntry>());
        long seen = 0;
        foreach (IndexEntry entry in view.Entries(prefix: null))
        {
            if (++seen % LookEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (named.TryGetValue(entry.Pack, out List<IndexEntry>? entries))
            {
                entries.Add(entry);
            }
        }

        return named;
    }

    private static async Task<byte[]> ReadFormatBlobAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        const int MaxFormatBytes = 1 << 20;
        try
        {
            return await WholeBlob.ReadAsync(store, BlobName.Parse(FormatBlob.BlobId), MaxFormatBytes, cancellationToken);
        }
        catch (BackupException gone) when (gone.Kind is ErrorKind.NotFound or ErrorKind.Corrupt)
        {
            return []; // reported where the blob itself is checked
        }
    }

    private static ParallelOptions Degree(int degree, CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = degree, CancellationToken = cancellationToken };
}
