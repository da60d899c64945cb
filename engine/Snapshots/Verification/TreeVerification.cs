using System.Collections.Concurrent;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots.Verification;

/// <summary>
/// Walks the trees of all snapshots side by side, depth first. A directory object that was met once is not read again, wherever it
/// turns up: memory grows with the number of different directories (some 60 bytes each), time with what changed between snapshots.
/// </summary>
internal sealed class TreeVerification(KopiaRepository repository, FindingLedger ledger, int degree, IProgress<VerificationProgress>? progress) : IDisposable
{
    private readonly ObjectCheck _objects = new(repository, ledger);
    private readonly ConcurrentDictionary<ObjectId, bool> _seen = new();
    private readonly ConcurrentStack<TreeNode> _pending = new();
    private readonly SemaphoreSlim _work = new(0);
    private long _open;
    private long _directories;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(cancellationToken);
        foreach (PathProblem unreadable in listing.Unreadable)
        {
            ledger.Add(new RepositoryFinding(FindingKind.DamagedSnapshot, FindingSeverity.Damage, unreadable.Path, null, "a readable snapshot", unreadable.Message));
        }

        // Newest first: a directory that several snapshots share is then reported with the one that matters most.
        foreach (TreeSnapshot snapshot in Enumerable.Reverse(listing.Snapshots))
        {
            await CheckEntryAsync(snapshot.Root, snapshot.Id.ToString(), parent: null, cancellationToken);
            ledger.Count(static report => report with { Snapshots = report.Snapshots + 1 });
            await DrainAsync(cancellationToken);
        }
    }

    public void Dispose() => _work.Dispose();

    /// <summary>Reads all directories that are pending, and what comes up below them.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Read(ref _open) == 0)
        {
            return;
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, degree).Select(_ => Task.Run(() => WorkAsync(stop), stop.Token)));
    }

    private async Task WorkAsync(CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(stop.Token);
                if (!_pending.TryPop(out TreeNode? node))
                {
                    return; // woken because all is done
                }

                await CheckDirectoryAsync(node, stop.Token);
                if (Interlocked.Decrement(ref _open) == 0)
                {
                    _work.Release(degree);
                }
            }
        }
        catch
        {
            await stop.CancelAsync(); // the others would wait for work for ever
            throw;
        }
    }

    private async Task CheckEntryAsync(DirectoryEntry entry, string snapshot, TreeNode? parent, CancellationToken cancellationToken)
    {
        if (entry.Kind == EntryKind.Directory)
        {
            if (_seen.TryAdd(entry.ObjectId, true))
            {
                Interlocked.Increment(ref _open);
                _pending.Push(new TreeNode(entry, snapshot, parent));
                _work.Release();
            }

            return;
        }

        ledger.Count(static report => report with { Files = report.Files + 1 });
        if (await _objects.FindDamageAsync(entry.ObjectId, entry.LengthBytes, cancellationToken) is { } damage)
        {
            bool isWhole = entry.MayTellAnotherLength && await _objects.FindDamageAsync(entry.ObjectId, lengthBytes: -1, cancellationToken) is null;
            ledger.Add(damage with
            {
                Kind = isWhole ? FindingKind.WrongLength : FindingKind.DamagedFile,
                Severity = isWhole ? FindingSeverity.Harmless : damage.Severity,
                Snapshot = snapshot,
                Path = TreeNode.PathOf(parent, entry),
            });
        }
    }

    private async Task CheckDirectoryAsync(TreeNode node, CancellationToken cancellationToken)
    {
        RepositoryFinding? damage = await _objects.FindDamageAsync(node.Entry.ObjectId, lengthBytes: -1, cancellationToken);
        try
        {
            if (damage is null)
            {
                await ReadDirectoryAsync(node, cancellationToken);
            }
        }
        catch (RepositoryCorruptException unreadable)
        {
            damage = RepositoryFinding.Of(FindingKind.DamagedDirectory, FindingSeverity.Damage, unreadable);
        }
        catch (BackupException unreadable) when (unreadable.Kind is ErrorKind.Corrupt or ErrorKind.NotFound or ErrorKind.Unsupported)
        {
            damage = new RepositoryFinding(FindingKind.DamagedDirectory, FindingSeverity.Damage, node.Entry.ObjectId.ToString(), null, "a readable directory", unreadable.Message);
        }

        if (damage is not null)
        {
            ledger.Add(damage with { Kind = FindingKind.DamagedDirectory, Snapshot = node.Snapshot, Path = TreeNode.PathOf(node.Parent, node.Entry) });
        }

        ledger.Count(static report => report with { Directories = report.Directories + 1 });
        progress?.Report(new VerificationProgress("reading directories", Interlocked.Increment(ref _directories), null, ledger.DamageCount));
    }

    private async Task ReadDirectoryAsync(TreeNode node, CancellationToken cancellationToken)
    {
        await using DirectoryReader reader = await DirectoryReader.OpenAsync(repository, node.Entry.ObjectId, cancellationToken);
        DirectorySummary sum = new() { DirectoryCount = 1 };
        bool isSumKnown = true;
        while (await reader.ReadAsync(cancellationToken) is { } child)
        {
            isSumKnown &= child.Kind != EntryKind.Directory || child.Summary is not null;
            sum = Sum(sum, child);
            await CheckEntryAsync(child, node.Snapshot, node, cancellationToken);
        }

        if (isSumKnown && node.Entry.Summary is { } told && CountersOf(told) != CountersOf(sum))
        {
            ledger.Add(new RepositoryFinding(FindingKind.WrongSummary, FindingSeverity.Harmless, node.Entry.ObjectId.ToString(), null, $"a summary of {CountersOf(sum)} (bytes, files, links, directories)", $"{CountersOf(told)}")
            {
                Snapshot = node.Snapshot,
                Path = TreeNode.PathOf(node.Parent, node.Entry),
            });
        }
    }

    private static DirectorySummary Sum(DirectorySummary sum, DirectoryEntry entry) => entry.Kind switch
    {
        EntryKind.File => sum with { FileCount = sum.FileCount + 1, TotalBytes = sum.TotalBytes + entry.LengthBytes },
        EntryKind.Symlink => sum with { SymlinkCount = sum.SymlinkCount + 1 },
        _ => sum with
        {
            TotalBytes = sum.TotalBytes + (entry.Summary?.TotalBytes ?? 0),
            FileCount = sum.FileCount + (entry.Summary?.FileCount ?? 0),
            SymlinkCount = sum.SymlinkCount + (entry.Summary?.SymlinkCount ?? 0),
            DirectoryCount = sum.DirectoryCount + (entry.Summary?.DirectoryCount ?? 0),
        },
    };

    private static (long, long, long, long) CountersOf(DirectorySummary summary) =>
        (summary.TotalBytes, summary.FileCount, summary.SymlinkCount, summary.DirectoryCount);

    /// <summary>A directory on its way, with the way to it.</summary>
    private sealed record TreeNode(DirectoryEntry Entry, string Snapshot, TreeNode? Parent)
    {
        /// <summary>The path of an entry in a directory; "" for the root, whose parent is null.</summary>
        public static string PathOf(TreeNode? parent, DirectoryEntry entry)
        {
            if (parent is null)
            {
                return "";
            }

            List<string> names = [entry.Name];
            for (TreeNode? node = parent; node.Parent is not null; node = node.Parent)
            {
                names.Add(node.Entry.Name);
            }

            names.Reverse();
            return string.Join('/', names);
        }
    }
}
