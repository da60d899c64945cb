using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Contents whose names are no hashes of their bytes: only who has the key can make them, and only they can name themselves.</summary>
internal static class ForgedContent
{
    /// <summary>Puts a content under a name into a pack of its own, publishes it and loads the index.</summary>
    public static async Task PutAsync(MemoryBlobStore store, KopiaRepository repository, ContentId id, byte[] plain)
    {
        byte[] stored = new byte[plain.Length + RepositoryCrypto.OverheadBytes];
        repository.Crypto.EncryptContent(id, plain, stored);
        string pack = $"q{id.ToString()[1..]}-s0";
        store.Set(pack, stored);
        IndexEntry entry = new(id, BlobName.Parse(pack), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), false, 0, (uint)stored.Length, (uint)plain.Length, 0, (byte)repository.Parameters.FormatVersion, 0);
        await repository.Index.PublishAsync([entry], "s0", CancellationToken.None);
        await repository.RefreshAsync(CancellationToken.None);
    }
}
