using System.Text.Json;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Tests.Engine.Repository;

namespace BackupFunctions.Tests.Engine.Snapshots.Histories;

/// <summary>Gives a repository of versions 2 and 3 the smallest epochs that the format allows, so that they change and are compacted within a short history.</summary>
internal static class SmallEpochs
{
    private const long NanosPerMinute = 60_000_000_000;

    private static readonly EpochParameters Parameters = EpochParameters.Default with
    {
        EpochRefreshFrequency = 3 * NanosPerMinute,
        FullCheckpointFrequency = 2,
        CleanupSafetyMargin = 9 * NanosPerMinute,
        MinEpochDuration = 10 * NanosPerMinute,
        EpochAdvanceOnCountThreshold = 10,
        EpochAdvanceOnTotalSizeBytesThreshold = 1 << 20,
    };

    public static void Apply(MemoryBlobStore store, string password)
    {
        FormatBlob blob = JsonSerializer.Deserialize(store.Get(FormatBlob.BlobId), RepositoryJson.Default.FormatBlob) ?? new FormatBlob();
        byte[] key = new byte[KeyDerivation.FormatKeyBytes];
        KeyDerivation.DeriveFormatKey(blob.KeyAlgorithm ?? "", password, blob.UniqueId, key);
        byte[] plain = FormatCipher.Decrypt(key, blob.UniqueId, blob.EncryptedConfig);
        FormatConfigEnvelope envelope = JsonSerializer.Deserialize(plain, RepositoryJson.Default.FormatConfigEnvelope) ?? new FormatConfigEnvelope();
        byte[] changed = JsonSerializer.SerializeToUtf8Bytes(
            new FormatConfigEnvelope { Format = envelope.Format! with { Epochs = Parameters } }, RepositoryJson.Default.FormatConfigEnvelope); // every repository has a configuration
        store.Set(FormatBlob.BlobId, JsonSerializer.SerializeToUtf8Bytes(
            blob with { EncryptedConfig = FormatCipher.Encrypt(key, blob.UniqueId, changed) }, RepositoryJson.Default.FormatBlob));
    }
}
