using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>Finds the copy of a lost format blob that packs of version-1 repositories start with. Later versions have none.</summary>
internal static class FormatRecovery
{
    /// <summary>Packs that are tried at most: where the first hundred have no copy, none has.</summary>
    private const int MaxPacks = 100;

    /// <summary>The newest copy that the password opens, and the pack that it is from; null when there is none.</summary>
    public static async Task<(BlobName Pack, byte[] FormatBlob)?> FindAsync(IBlobStore store, string password, CancellationToken cancellationToken)
    {
        List<BlobInfo> packs = [];
        foreach (string prefix in (string[])["p", "q"])
        {
            await foreach (BlobInfo pack in store.ListAsync(prefix, cancellationToken))
            {
                packs.Add(pack);
            }
        }

        HashSet<string> tried = [];
        foreach (BlobInfo pack in packs.OrderByDescending(static pack => pack.LastModified).Take(MaxPacks))
        {
            byte[]? copy = await TryReadAsync(store, pack, cancellationToken);
            if (copy is not null && tried.Add(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(copy))) && FormatStore.CanOpen(copy, password))
            {
                return (pack.Name, copy);
            }
        }

        return null;
    }

    private static async Task<byte[]?> TryReadAsync(IBlobStore store, BlobInfo pack, CancellationToken cancellationToken)
    {
        try
        {
            using PooledBytes start = await StoredBytes.ReadAsync(store, pack.Name, 0, (int)Math.Min(RecoverableFormat.MaxBytes, pack.LengthBytes), cancellationToken);
            return RecoverableFormat.TryDecode(start.Span, out _);
        }
        catch (BackupException unreadable) when (unreadable.Kind is ErrorKind.NotFound or ErrorKind.Corrupt)
        {
            return null; // another pack will do
        }
    }
}
