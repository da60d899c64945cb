using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Deletes packs that no index refers to, and markers of sessions that died.</summary>
internal sealed class PackDeleter(KopiaRepository repository, SafetyMargins margins)
{
    private const string SessionPrefix = "s";

    /// <param name="prefixes">Kinds of packs to look at; markers only go together with all of them.</param>
    public async Task<MaintenanceTaskReport> RunAsync(string task, IReadOnlyList<string> prefixes, DateTimeOffset start, CancellationToken cancellationToken)
    {
        List<BlobInfo> markers = [];
        await foreach (BlobInfo marker in repository.Store.ListAsync(SessionPrefix, cancellationToken))
        {
            markers.Add(marker);
        }

        Dictionary<string, DateTimeOffset> sessions = [];
        foreach (BlobInfo marker in markers)
        {
            if (PackRules.SessionOf(marker.Name) is { } session && (!sessions.TryGetValue(session, out DateTimeOffset marked) || marked < marker.LastModified))
            {
                sessions[session] = marker.LastModified;
            }
        }

        HashSet<BlobName> referenced = ReferencedPacks(repository.Index.Current);
        List<BlobInfo> unreferenced = [];
        foreach (string prefix in prefixes)
        {
            await foreach (BlobInfo pack in repository.Store.ListAsync(prefix, cancellationToken))
            {
                if (!referenced.Contains(pack.Name))
                {
                    unreferenced.Add(pack);
                }
            }
        }

        List<BlobInfo> deletable = [.. unreferenced.Concat(markers).Where(blob => PackRules.MayDelete(blob, start, sessions, margins))];
        if (deletable.Count > 0)
        {
            // Decided by an index that is newer than the listing (M4): whoever published one of these packs meanwhile keeps it.
            await repository.RefreshAsync(cancellationToken);
            referenced = ReferencedPacks(repository.Index.Current);
            deletable.RemoveAll(blob => referenced.Contains(blob.Name));
        }

        BlobDeletion deleted = await BlobDeletion.RunAsync(repository.Store, deletable, cancellationToken);
        List<BlobInfo> retained = [.. unreferenced.Except(deletable)];
        return new MaintenanceTaskReport(
            task,
            [
                new("unreferencedPack", unreferenced.Count, unreferenced.Sum(static blob => blob.LengthBytes)),
                new("deletedPack", deleted.Count, deleted.Bytes),
                new("retainedPack", retained.Count, retained.Sum(static blob => blob.LengthBytes)),
            ])
        {
            DeletedBlobs = deleted.Count,
            FreedBytes = deleted.Bytes,
        };
    }

    /// <summary>All packs with a content that exists, deleted ones included: those can still be had back.</summary>
    private static HashSet<BlobName> ReferencedPacks(IndexView view)
    {
        HashSet<BlobName> packs = [];
        foreach (IndexEntry entry in view.Entries(prefix: null))
        {
            packs.Add(entry.Pack);
        }

        return packs;
    }
}
