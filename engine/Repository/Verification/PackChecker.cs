using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>
/// Checks packs, each from its start to its end in large requests: the contents by decrypting, decompressing and hashing, the frame
/// by its checksums and against the index. In a full check only random bytes stay unchecked (the preamble and the padding).
/// </summary>
internal sealed class PackChecker(
    KopiaRepository repository, IBlobStore store, PackSurvey survey, FormatCopies copies, VerificationOptions options, FindingLedger ledger)
{
    private const int RunBytes = 4 << 20;

    /// <summary>Gaps up to this are read along rather than costing a request.</summary>
    private const int MaxGapBytes = 64 << 10;

    /// <param name="named">The entries of the index that place contents in this pack.</param>
    public async Task CheckAsync(SurveyedPack pack, IReadOnlyList<IndexEntry> named, CancellationToken cancellationToken)
    {
        try
        {
            PackFrame? frame = options.PackFrames ? await TryReadFrameAsync(pack, cancellationToken) : null;
            List<PackedContent> contents = Merge(pack, named, frame);
            foreach (List<PackedContent> run in Runs(contents.Where(content => IsSane(pack, content))))
            {
                if (IsChosen())
                {
                    await CheckRunAsync(pack, run, cancellationToken);
                }
            }

            if (options.PackFrames)
            {
                int headerBytes = await CheckHeaderAsync(pack, contents, cancellationToken);
                CountUncheckable(pack, headerBytes, contents, frame);
            }
        }
        catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
        {
            // It was listed a moment ago: maintenance may remove what nothing refers to, everything else is a loss.
            if (pack.IsReferenced)
            {
                ledger.AddMissing(pack.Name, new RepositoryFinding(FindingKind.MissingPack, FindingSeverity.Damage, pack.Name.ToString(), null, $"{pack.Contents} contents", "no such blob any more"));
            }
        }
    }

    private async Task<PackFrame?> TryReadFrameAsync(SurveyedPack pack, CancellationToken cancellationToken)
    {
        try
        {
            PackFrame frame = await PackFrame.ReadAsync(store, repository.Crypto, pack.Name, pack.LengthBytes, cancellationToken);
            ledger.Count(report => report with { BytesRead = report.BytesRead + frame.BytesRead });
            return frame;
        }
        catch (RepositoryCorruptException damaged)
        {
            ledger.Add(RepositoryFinding.Of(FindingKind.DamagedPackFrame, pack.Severity, damaged));
            return null;
        }
    }

    /// <summary>What lies in the pack by the index and by the pack itself, in the order of offsets; adds where the two contradict each other.</summary>
    private List<PackedContent> Merge(SurveyedPack pack, IReadOnlyList<IndexEntry> named, PackFrame? frame)
    {
        List<PackedContent> contents = [.. named.Where(entry => IsWithin(pack, entry)).Select(static entry => new PackedContent(entry, IsNamed: true))];
        if (frame is not null)
        {
            Dictionary<ContentId, IndexEntry> own = [];
            foreach (IndexEntry entry in frame.Entries.Where(entry => entry.Pack == pack.Name))
            {
                own[entry.Id] = entry;
            }

            foreach (IndexEntry entry in named)
            {
                ComparePlaces(pack, entry, own.Remove(entry.Id, out IndexEntry local) ? local : null);
            }

            AddUnnamed(pack, own.Values, contents);
        }

        contents.Sort(static (a, b) => a.Entry.PackOffset.CompareTo(b.Entry.PackOffset));
        return contents;
    }

    private void ComparePlaces(SurveyedPack pack, IndexEntry entry, IndexEntry? local)
    {
        if (local is not { } own || PlaceOf(own) != PlaceOf(entry))
        {
            ledger.Add(new RepositoryFinding(
                FindingKind.IndexMismatch,
                FindingSeverity.Damage,
                pack.Name.ToString(),
                entry.PackOffset,
                $"{entry.PackedBytes} stored bytes as the index says",
                local is { } other ? $"{other.PackedBytes} at byte {other.PackOffset} in the pack's own index" : "no entry in the pack's own index") { Content = entry.Id.ToString() });
        }
    }

    /// <summary>Contents that lie in the pack although the index names another copy, or none.</summary>
    private void AddUnnamed(SurveyedPack pack, IEnumerable<IndexEntry> own, List<PackedContent> contents)
    {
        long unindexed = 0;
        foreach (IndexEntry entry in own)
        {
            if (IsWithin(pack, entry))
            {
                contents.Add(new PackedContent(entry, IsNamed: false));
            }
            else
            {
                ledger.Add(new RepositoryFinding(
                    FindingKind.IndexMismatch, FindingSeverity.Harmless, pack.Name.ToString(), entry.PackOffset, $"{entry.PackedBytes} bytes as the pack's own index says", $"a pack of {pack.LengthBytes}") { Content = entry.Id.ToString() });
            }

            unindexed += pack.IsReferenced && !entry.IsDeleted && !survey.View.TryFind(entry.Id, out _) ? 1 : 0;
        }

        if (unindexed > 0)
        {
            ledger.Add(new RepositoryFinding(FindingKind.UnindexedContents, FindingSeverity.Harmless, pack.Name.ToString(), null, "an index that names all its contents", $"{unindexed} contents in none"));
        }
    }

    /// <summary>Neighbours that are read in one request.</summary>
    private static IEnumerable<List<PackedContent>> Runs(IEnumerable<PackedContent> contents)
    {
        List<PackedContent> run = [];
        long start = 0;
        long end = 0;
        foreach (PackedContent content in contents)
        {
            long contentEnd = (long)content.Entry.PackOffset + content.Entry.PackedBytes;
            if (run.Count > 0 && (content.Entry.PackOffset > end + MaxGapBytes || contentEnd - start > RunBytes))
            {
                yield return run;
                run = [];
            }

            start = run.Count == 0 ? content.Entry.PackOffset : start;
            end = run.Count == 0 ? contentEnd : Math.Max(end, contentEnd);
            run.Add(content);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private bool IsChosen() => options.ContentPercent >= 100 || (options.ContentPercent > 0 && Chance.NextPercent() < options.ContentPercent);

    private async Task CheckRunAsync(SurveyedPack pack, List<PackedContent> run, CancellationToken cancellationToken)
    {
        long start = run[0].Entry.PackOffset;
        long end = run.Max(static content => (long)content.Entry.PackOffset + content.Entry.PackedBytes);
        using PooledBytes stored = await StoredBytes.ReadAsync(store, pack.Name, start, checked((int)(end - start)), cancellationToken);
        foreach (PackedContent content in run)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CheckContent(pack, content, stored.Span.Slice((int)(content.Entry.PackOffset - start), (int)content.Entry.PackedBytes));
        }

        ledger.Count(report => report with { ContentsRead = report.ContentsRead + run.Count, BytesRead = report.BytesRead + stored.Length });
    }

    /// <summary>Whether a content has a length that one can have; others are reported and not read, so that no run is longer than contents can be.</summary>
    private bool IsSane(SurveyedPack pack, PackedContent content)
    {
        try
        {
            ContentReader.RequireSane(content.Entry);
            return true;
        }
        catch (RepositoryCorruptException damaged)
        {
            Report(pack, content, RepositoryFinding.Of(FindingKind.DamagedContent, FindingSeverity.Damage, damaged));
            return false;
        }
    }

    private void CheckContent(SurveyedPack pack, PackedContent content, ReadOnlySpan<byte> stored)
    {
        try
        {
            using PooledBytes plain = repository.Contents.Decode(content.Entry, stored);
            if (repository.Crypto.IdOf(content.Entry.Id.Prefix, plain.Span) != content.Entry.Id)
            {
                throw new RepositoryCorruptException(pack.Name.ToString(), content.Entry.PackOffset, "bytes whose hash is the content's name", "others");
            }
        }
        catch (RepositoryCorruptException damaged)
        {
            Report(pack, content, RepositoryFinding.Of(FindingKind.DamagedContent, FindingSeverity.Damage, damaged));
        }
        catch (BackupException unreadable) when (unreadable.Kind is ErrorKind.Unsupported or ErrorKind.Corrupt)
        {
            Report(pack, content, new RepositoryFinding(FindingKind.DamagedContent, FindingSeverity.Damage, pack.Name.ToString(), content.Entry.PackOffset, "a readable content", unreadable.Message));
        }
    }

    private void Report(SurveyedPack pack, PackedContent content, RepositoryFinding finding)
    {
        if (content.IsNamed)
        {
            ledger.AddDamaged(content.Entry.Id, finding);
        }
        else
        {
            ledger.Add(finding with { Severity = FindingSeverity.Harmless, Content = content.Entry.Id.ToString(), Found = $"{finding.Found}, in a copy that no index names" });
        }
    }

    /// <summary>
    /// Checks the copy of the format blob that packs of version-1 repositories start with, also where such a repository was upgraded
    /// since. Where one is expected the first content does not lie right behind the preamble.
    /// </summary>
    /// <returns>The copy's length; 0 when there is none.</returns>
    private async Task<int> CheckHeaderAsync(SurveyedPack pack, List<PackedContent> contents, CancellationToken cancellationToken)
    {
        int ownBytes = repository.Parameters.PackHeader.Length;
        long expectedBytes = contents.Count > 0 ? contents[0].Entry.PackOffset - OpenPack.PreambleBytes : ownBytes;
        if (expectedBytes <= 0)
        {
            return 0;
        }

        using PooledBytes start = await StoredBytes.ReadAsync(store, pack.Name, 0, (int)Math.Min(RecoverableFormat.MaxBytes, pack.LengthBytes), cancellationToken);
        if (RecoverableFormat.TryDecode(start.Span, out int headerBytes) is { } copy && headerBytes == expectedBytes)
        {
            copies.Compare(pack, copy);
            return headerBytes;
        }

        if (ownBytes > 0)
        {
            ledger.Add(new RepositoryFinding(FindingKind.DamagedPackFrame, pack.Severity, pack.Name.ToString(), 0, "a copy of the format blob that fits its checksum", "another start"));
        }

        return ownBytes;
    }

    private void CountUncheckable(SurveyedPack pack, int headerBytes, List<PackedContent> contents, PackFrame? frame)
    {
        if (frame is null || options.ContentPercent < 100)
        {
            return;
        }

        long covered = headerBytes;
        long end = headerBytes;
        foreach (PackedContent content in contents)
        {
            long contentEnd = (long)content.Entry.PackOffset + content.Entry.PackedBytes;
            covered += Math.Max(0, contentEnd - Math.Max(end, content.Entry.PackOffset));
            end = Math.Max(end, contentEnd);
        }

        ledger.Count(report => report with { UncheckableBytes = report.UncheckableBytes + frame.Postamble.LocalIndexOffset - covered });
    }

    private static bool IsWithin(SurveyedPack pack, in IndexEntry entry) => (long)entry.PackOffset + entry.PackedBytes <= pack.LengthBytes;

    private static (uint, uint, uint, uint, byte) PlaceOf(in IndexEntry entry) =>
        (entry.PackOffset, entry.PackedBytes, entry.OriginalBytes, entry.CompressionHeader, entry.EncryptionKey);

    private readonly record struct PackedContent(IndexEntry Entry, bool IsNamed);
}
