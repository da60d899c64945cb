using System.Collections.Concurrent;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Verification;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Opens a repository although index blobs of it are damaged, to look at it and to repair it: the damaged blobs count as if they were
/// not there, so that what they replaced is seen where it still exists. Nothing else may be done with it: to a writer or to
/// maintenance contents would seem not to exist, therefore no write session can be started on it.
/// </summary>
public static class DamagedRepository
{
    private const int MaxIndexBytes = 1 << 30;

    /// <summary>Opens the repository; the ordinary way when that works.</summary>
    /// <exception cref="BackupException">As of <see cref="KopiaRepository.OpenAsync"/>, except for damaged index blobs.</exception>
    public static async Task<KopiaRepository> OpenAsync(
        IBlobStore store, string password, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await KopiaRepository.OpenAsync(store, password, options, time, cancellationToken);
        }
        catch (RepositoryCorruptException damaged) when (IsIndexBlob(damaged.Blob))
        {
            IReadOnlySet<BlobName> hidden = await FindDamagedIndexesAsync(store, password, options, time, cancellationToken);
            return await KopiaRepository.OpenAsync(new HidingBlobStore(store, hidden), password, options, time, cancellationToken);
        }
    }

    /// <summary>The damaged index blobs that an opened repository leaves out.</summary>
    public static IReadOnlyCollection<BlobName> LeftOut(KopiaRepository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return repository.GivenStore is HidingBlobStore hiding ? [.. hiding.Hidden.Order()] : [];
    }

    private static bool IsIndexBlob(string blob) => blob.Length > 0 && blob[0] is 'x' or 'n' or 'm';

    /// <summary>Reads all index blobs and compaction logs, whether they count or not: hiding one brings others back.</summary>
    private static async Task<IReadOnlySet<BlobName>> FindDamagedIndexesAsync(
        IBlobStore store, string password, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        (FormatStore format, RepositoryParameters parameters) = await FormatStore.OpenAsync(store, password, time, cancellationToken);
        using FormatStore owned = format;
        using RepositoryCrypto crypto = new(parameters);
        ConcurrentDictionary<BlobName, bool> damaged = new();
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.LoadParallelism, CancellationToken = cancellationToken };
        foreach (string prefix in parameters.Epochs.Enabled ? ["xn", "xr", "xs"] : (string[])["m", "n"])
        {
            await Parallel.ForEachAsync(store.ListAsync(prefix, cancellationToken), parallel, async (blob, token) =>
            {
                if (LegacyIndexBlobStore.IsPoison(blob.Name))
                {
                    return;
                }

                try
                {
                    byte[] plain = crypto.DecryptBlob(blob.Name, await WholeBlob.ReadAsync(store, blob, MaxIndexBytes, token));
                    if (prefix != "m")
                    {
                        IndexSegment.Parse(blob.Name.ToString(), plain);
                    }
                }
                catch (RepositoryCorruptException)
                {
                    damaged[blob.Name] = true; // verification and repair say what is wrong with it
                }
                catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
                {
                    // Compacted meanwhile.
                }
            });
        }

        return new HashSet<BlobName>(damaged.Keys);
    }
}
