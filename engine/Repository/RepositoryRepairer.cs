using System.Globalization;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Verification;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Repairs what can be repaired from what is stored twice: the index, of which every pack holds its part, and in version-1
/// repositories the format blob. In this order, so that it may be broken off and repeated at any point: the format blob, epoch
/// markers, new index entries (W3, W4), and only then damaged index blobs are moved out of the way. Damaged contents cannot be repaired.
/// </summary>
public static class RepositoryRepairer
{
    /// <summary>What the names of blobs that were set aside begin with; no kind of blob does.</summary>
    public const string SetAsidePrefix = "damaged.";

    /// <summary>Repairs the repository. Others may use it meanwhile, but maintenance should not run.</summary>
    /// <exception cref="BackupException">As of <see cref="KopiaRepository.OpenAsync"/>, where that cannot be repaired; or the store failed.</exception>
    public static async Task<RepairReport> RepairAsync(
        IBlobStore store, string password, RepositoryOptions repositoryOptions, RepairOptions options, TimeProvider time, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallelism, 1);
        KopiaRepository repository;
        RepairReport report = new() { IsDryRun = options.DryRun };
        try
        {
            repository = await DamagedRepository.OpenAsync(store, password, repositoryOptions, time, cancellationToken);
        }
        catch (BackupException unopened) when (IsOfFormatBlob(unopened))
        {
            report = report with { FormatRecoveredFrom = await RecoverFormatAsync(store, password, options, unopened, cancellationToken) };
            if (options.DryRun)
            {
                return report; // the rest cannot be looked at before
            }

            repository = await DamagedRepository.OpenAsync(store, password, repositoryOptions, time, cancellationToken);
        }

        await using KopiaRepository owned = repository;
        if (!options.DryRun)
        {
            await repository.RequireWritableAsync(cancellationToken);
        }

        report = report with { EpochMarkerRestored = await RestoreEpochMarkerAsync(repository, options, cancellationToken) };
        using IndexRebuilder rebuilder = new(repository, options);
        report = await rebuilder.RunAsync(report, progress, cancellationToken);
        report = await new ManifestRepair(repository, options).RunAsync(report, cancellationToken);
        IReadOnlyCollection<BlobName> damaged = DamagedRepository.LeftOut(repository);
        if (!options.DryRun)
        {
            foreach (BlobName blob in damaged)
            {
                await MoveAwayAsync(store, blob, options.DeleteDamaged, cancellationToken);
            }
        }

        return report with { DamagedIndexBlobs = [.. damaged.Select(static blob => blob.ToString())] };
    }

    private static bool IsOfFormatBlob(BackupException unopened) =>
        unopened.Kind is ErrorKind.NotFound or ErrorKind.WrongPassword || unopened is RepositoryCorruptException { Blob: FormatBlob.BlobId };

    /// <returns>The pack whose copy was put back.</returns>
    private static async Task<string> RecoverFormatAsync(
        IBlobStore store, string password, RepairOptions options, BackupException unopened, CancellationToken cancellationToken)
    {
        (BlobName pack, byte[] copy) = await FormatRecovery.FindAsync(store, password, cancellationToken)
            ?? throw new BackupException(
                unopened.Kind, $"{unopened.Message}; and no pack holds a copy of it that the password opens (only repositories of format version 1 have such copies)", unopened.Remedy, unopened);
        if (!options.DryRun)
        {
            BlobName name = BlobName.Parse(FormatBlob.BlobId);
            bool isMissing = unopened.Kind == ErrorKind.NotFound;
            if (!isMissing)
            {
                await CopyAsideAsync(store, name, cancellationToken);
            }

            PutCondition condition = isMissing && store.SupportsConditionalPut ? PutCondition.IfAbsent : PutCondition.Always;
            await store.PutAsync(name, copy, condition, cancellationToken); // refused when somebody was faster (W1): then that one is opened
        }

        return pack.ToString();
    }

    /// <summary>Puts the marker of the newest epoch that has index blobs, when those do not count for lack of it.</summary>
    private static async Task<string?> RestoreEpochMarkerAsync(KopiaRepository repository, RepairOptions options, CancellationToken cancellationToken)
    {
        if (!repository.Parameters.Epochs.Enabled)
        {
            return null;
        }

        long marked = 0;
        long newest = 0;
        await foreach (BlobInfo blob in repository.Store.ListAsync(EpochBlobName.Prefix, cancellationToken))
        {
            if (EpochBlobName.TryParse(blob.Name, out EpochBlobName name))
            {
                marked = name.Kind == EpochBlobKind.Marker ? Math.Max(marked, name.First) : marked;
                newest = name.Kind is EpochBlobKind.Index or EpochBlobKind.Single ? Math.Max(newest, name.First) : newest;
            }
        }

        if (newest <= marked + 1)
        {
            return null;
        }

        BlobName marker = BlobName.Parse(string.Create(CultureInfo.InvariantCulture, $"xe{newest}"));
        if (!options.DryRun)
        {
            await repository.Store.PutAsync(marker, "epoch-marker"u8.ToArray(), PutCondition.Always, cancellationToken);
            await repository.RefreshAsync(cancellationToken);
        }

        return marker.ToString();
    }

    private static async Task MoveAwayAsync(IBlobStore store, BlobName blob, bool deleteOnly, CancellationToken cancellationToken)
    {
        if (!deleteOnly)
        {
            await CopyAsideAsync(store, blob, cancellationToken);
        }

        await store.DeleteAsync(blob, cancellationToken);
    }

    private static async Task CopyAsideAsync(IBlobStore store, BlobName blob, CancellationToken cancellationToken)
    {
        await using Stream bytes = await store.OpenReadAsync(blob, range: null, cancellationToken);
        await store.PutStreamAsync(BlobName.Parse(SetAsidePrefix + blob), bytes, cancellationToken);
    }
}
