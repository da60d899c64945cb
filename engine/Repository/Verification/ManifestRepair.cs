using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Manifests;
using BackupFunctions.Engine.Repository.Packs;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>
/// Finds the contents with manifests that cannot be read and, when told, marks them as deleted. What was in them is lost then even if
/// the blob comes back; but maintenance, which stands still as long as it does not know all snapshots, can go on.
/// </summary>
internal sealed class ManifestRepair(KopiaRepository repository, RepairOptions options)
{
    public async Task<RepairReport> RunAsync(RepairReport report, CancellationToken cancellationToken)
    {
        List<IndexEntry> damaged = [];
        List<RepositoryFinding> findings = [.. report.Findings];
        foreach (IndexEntry entry in ManifestStore.LiveContents(repository.Index.Current))
        {
            try
            {
                using PooledBytes bytes = await repository.Contents.ReadAsync(entry.Id, cancellationToken);
                ManifestCodec.Decode(entry.Id, bytes.Memory);
            }
            catch (RepositoryCorruptException unreadable)
            {
                damaged.Add(entry);
                findings.Add(RepositoryFinding.Of(FindingKind.DamagedSnapshot, FindingSeverity.Damage, unreadable) with { Content = entry.Id.ToString() });
            }
        }

        if (damaged.Count == 0)
        {
            return report;
        }

        if (options.ForgetDamagedManifests && !options.DryRun)
        {
            long now = repository.Time.GetUtcNow().ToUnixTimeSeconds();
            PackSession session = await PackSession.StartAsync(repository.Store, repository.Crypto, repository.Options, repository.Time, cancellationToken);
            await repository.Index.PublishAsync([.. damaged.Select(entry => entry.Deleted(now))], session.Id, cancellationToken);
            await session.EndAsync(cancellationToken);
        }

        return report with
        {
            Findings = findings,
            DamagedManifests = [.. damaged.Select(static entry => entry.Id.ToString())],
            AreManifestsForgotten = options.ForgetDamagedManifests,
        };
    }
}
