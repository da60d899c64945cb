using System.Text.Json;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>Index blobs of version-1 repositories: <c>n</c> blobs, and <c>m</c> blobs that say which of them were replaced.</summary>
internal sealed class LegacyIndexBlobStore(IBlobStore store, RepositoryCrypto crypto) : IIndexBlobStore
{
    /// <summary>First letter of index blobs.</summary>
    public const string IndexPrefix = "n";

    /// <summary>First letter of the compaction log.</summary>
    public const string LogPrefix = "m";

    /// <summary>A clear-text blob that makes versions before epochs fail to open an upgraded repository.</summary>
    public const string PoisonBlobId = "n00000000000000000000000000000000-repository_unreadable_by_this_kopia_version_upgrade_required";

    private const int MaxLogBytes = 16 << 20;

    /// <summary>Whether the blob only has the name of an index.</summary>
    public static bool IsPoison(BlobName blob) => blob.ToString() == PoisonBlobId;

    public async Task<IndexBlobSet> ListActiveAsync(CancellationToken cancellationToken)
    {
        // The log is listed first: an input that is gone by the time of the second listing was replaced by outputs that are in it.
        List<BlobInfo> logs = [];
        await foreach (BlobInfo log in store.ListAsync(LogPrefix, cancellationToken))
        {
            logs.Add(log);
        }

        Dictionary<string, BlobInfo> indexes = [];
        await foreach (BlobInfo index in store.ListAsync(IndexPrefix, cancellationToken))
        {
            if (!IsPoison(index.Name))
            {
                indexes.Add(index.Name.ToString(), index);
            }
        }

        HashSet<string> replaced = [];
        foreach (BlobInfo log in logs)
        {
            CompactionLogEntry entry = await ReadLogAsync(log, cancellationToken);
            if (entry.Outputs is not null && entry.Outputs.TrueForAll(output => output.Id is not null && indexes.ContainsKey(output.Id)))
            {
                replaced.UnionWith((entry.Inputs ?? []).Select(static input => input.Id ?? ""));
            }
        }

        return new IndexBlobSet([.. indexes.Where(index => !replaced.Contains(index.Key)).Select(static index => index.Value)], long.MinValue);
    }

    public async Task<(BlobName Name, int StoredBytes)> WriteAsync(ReadOnlyMemory<byte> index, string sessionId, CancellationToken cancellationToken)
    {
        (string text, byte[] stored) = crypto.EncryptBlob(IndexPrefix, index.Span, sessionId);
        BlobName name = BlobName.Parse(text);
        await store.PutAsync(name, stored, PutCondition.Always, cancellationToken);
        return (name, stored.Length);
    }

    public async Task<CompactionLogEntry> ReadLogAsync(BlobInfo log, CancellationToken cancellationToken)
    {
        byte[] plain = crypto.DecryptBlob(log.Name, await WholeBlob.ReadAsync(store, log, MaxLogBytes, cancellationToken));
        try
        {
            return JsonSerializer.Deserialize(plain, RepositoryJson.Default.CompactionLogEntry)
                ?? throw new RepositoryCorruptException(log.Name.ToString(), null, "a compaction log entry", "null");
        }
        catch (JsonException malformed)
        {
            throw new RepositoryCorruptException(log.Name.ToString(), malformed.BytePositionInLine, "a compaction log entry", "something else", malformed);
        }
    }
}
