using System.IO.Compression;
using System.Text;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Repository.Verification;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>A small repository with a blob of every kind that there is, and which of its bytes nothing protects.</summary>
internal static class VerificationStore
{
    private const int PreambleBytes = 32;

    /// <summary>Writes objects in two sessions, and blobs as maintenance, Velero and Kopia's log leave them.</summary>
    public static async Task<MemoryBlobStore> CreateAsync(Random random, int formatVersion)
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store, new NewRepositoryOptions { Splitter = RepositoryRun.Splitter, FormatVersion = formatVersion });
        await RepositoryRun.WriteAsync(repository, "a", [RepositoryRun.RandomBytes(random, 3000), new byte[2000], RepositoryRun.RandomBytes(random, 140_000)]);
        await RepositoryRun.WriteAsync(repository, "b", [RepositoryRun.RandomBytes(random, 1000)]);
        await PackSession.StartAsync(store, repository.Crypto, RepositoryRun.Options, TimeProvider.System, CancellationToken.None);
        using MemoryStream log = new();
        await using (GZipStream gzip = new(log, CompressionLevel.Fastest))
        {
            gzip.Write("something happened\n"u8);
        }

        Put(store, repository.Crypto.EncryptBlob("_log_20261128000000_abcd_1_2_1_", log.ToArray(), ""));
        store.Set("udmrepo.Repository", Encoding.UTF8.GetBytes($$"""{"uniqueID":"{{repository.Format.UniqueId}}"}"""));
        if (formatVersion == 1)
        {
            string index = store.Names.First(static name => name.StartsWith('n'));
            string json = $$"""{"inputMetadata":[{"id":"n0123456789abcdef0123456789abcdef","length":5,"timestamp":"2026-11-28T00:00:00Z"}],"outputMetadata":[{"id":"{{index}}","length":5,"timestamp":"2026-11-28T00:00:00Z"}]}""";
            Put(store, repository.Crypto.EncryptBlob("m", Encoding.UTF8.GetBytes(json), ""));
            Put(store, repository.Crypto.EncryptBlob("l", """{"blobIDs":["m1"],"cleanupScheduleTime":"2026-11-28T00:00:00Z"}"""u8, ""));
        }
        else
        {
            store.Set("xe1", "epoch-marker"u8.ToArray());
            store.Set("xe2", "epoch-marker"u8.ToArray());
            store.Set("xw1000", "deletion-watermark"u8.ToArray());
            IndexEntry[] all = [.. repository.Index.Current.Entries(prefix: null)];
            Put(store, repository.Crypto.EncryptBlob("xs0_", IndexBuilder.Build(2, all, []), "s0123456789abcdef-c1"));
            store.Set("kopia.maintenance", MaintenanceCipher.Encrypt(repository.Parameters.MasterKey, repository.Parameters.UniqueId, "{\"runs\":{}}"u8));
        }

        return store;
    }

    /// <summary>Whether a byte of a blob means nothing: random bytes of packs, and clear text for people that has no copy.</summary>
    public static async Task<Func<long, bool>> FreeBytesAsync(MemoryBlobStore store, KopiaRepository repository, string name)
    {
        if (!SurveyedPack.IsPackName(name))
        {
            return static _ => false; // the free text of the format blob is empty in ours
        }

        byte[] bytes = store.Get(name);
        PackFrame frame = await PackFrame.ReadAsync(store, repository.Crypto, BlobName.Parse(name), bytes.Length, CancellationToken.None);
        int header = repository.Parameters.PackHeader.Length;
        long contentsEnd = frame.Entries.Max(static entry => (long)entry.PackOffset + entry.PackedBytes);
        return offset => (offset >= header && offset < header + PreambleBytes) || (offset >= contentsEnd && offset < frame.Postamble.LocalIndexOffset);
    }

    public static Task<VerificationReport> VerifyAsync(KopiaRepository repository, VerificationOptions? options = null) =>
        new RepositoryVerifier(repository).VerifyAsync(options ?? VerificationOptions.Full, null, CancellationToken.None);

    public static string Describe(VerificationReport report) => string.Join('\n', report.Findings);

    private static void Put(MemoryBlobStore store, (string Name, byte[] Stored) blob) => store.Set(blob.Name, blob.Stored);
}
