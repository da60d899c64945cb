using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Verification;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Verifies a repository with its snapshots: first what is stored, by <see cref="RepositoryVerifier"/>, then every directory of every
/// snapshot, each once, so that the report names the files that damage hits. Changes nothing.
/// </summary>
public sealed class SnapshotVerifier(KopiaRepository repository)
{
    /// <summary>Verifies the repository in its present state.</summary>
    /// <exception cref="BackupException">InvalidInput: the options; or the store failed. Damage is in the report.</exception>
    public async Task<VerificationReport> VerifyAsync(VerificationOptions options, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        FindingLedger ledger = RepositoryVerifier.CreateLedger(options);
        await new RepositoryVerifier(repository).VerifyAsync(options, ledger, progress, cancellationToken);
        if (options.Trees)
        {
            using TreeVerification trees = new(repository, ledger, options.Parallelism, progress);
            await trees.RunAsync(cancellationToken);
        }

        return ledger.ToReport();
    }
}
