using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Hashing;
using BackupFunctions.Engine.Repository.Splitting;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>Reads and creates the blobs that say what the repository is like. Keeps the password's key, not the password.</summary>
internal sealed class FormatStore : IDisposable
{
    private const int KeyBytes = 32;
    private const long NanosPerTick = 100;
    private const int MaxBlobBytes = 1 << 20;

    private readonly IBlobStore _store;
    private readonly TimeProvider _time;
    private readonly byte[] _key;

    private FormatStore(IBlobStore store, TimeProvider time, byte[] key)
    {
        _store = store;
        _time = time;
        _key = key;
    }

    private static BlobName FormatBlobName => BlobName.Parse(FormatBlob.BlobId);

    private static BlobName RetentionBlobName => BlobName.Parse(RetentionConfig.BlobId);

    public static async Task<bool> ExistsAsync(IBlobStore store, CancellationToken cancellationToken) =>
        await store.TryGetInfoAsync(FormatBlobName, cancellationToken) is not null;

    /// <summary>Derives the key and reads the configuration.</summary>
    public static async Task<(FormatStore Store, RepositoryParameters Parameters)> OpenAsync(
        IBlobStore store, string password, TimeProvider time, CancellationToken cancellationToken)
    {
        (FormatBlob blob, byte[] bytes) = await ReadFormatBlobAsync(store, cancellationToken);
        byte[] key = DeriveKey(blob, password);
        FormatStore format = new(store, time, key);
        return (format, await format.DecodeAsync(blob, bytes, cancellationToken));
    }

    /// <summary>Whether the password opens a format blob that may be anything.</summary>
    public static bool CanOpen(byte[] formatBlob, string password)
    {
        try
        {
            FormatBlob blob = ParseFormatBlob(formatBlob);
            byte[] key = DeriveKey(blob, password);
            FormatCipher.Decrypt(key, blob.UniqueId, blob.EncryptedConfig);
            return true;
        }
        catch (BackupException unopened) when (unopened.Kind is ErrorKind.Corrupt or ErrorKind.WrongPassword or ErrorKind.Unsupported)
        {
            return false;
        }
    }

    /// <summary>Reads the configuration again: it may have changed, or an upgrade may have locked it.</summary>
    public async Task<RepositoryParameters> ReadAgainAsync(CancellationToken cancellationToken)
    {
        (FormatBlob blob, byte[] bytes) = await ReadFormatBlobAsync(_store, cancellationToken);
        return await DecodeAsync(blob, bytes, cancellationToken);
    }

    /// <summary>
    /// Creates both blobs in an empty place. The format blob comes first and only if there is none: that decides between several
    /// creators (W1), and a repository without the second blob is whole.
    /// </summary>
    public static async Task<(FormatStore Store, RepositoryParameters Parameters)> CreateAsync(
        IBlobStore store, string password, NewRepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> problems = options.Validate();
        if (problems.Count > 0)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"the repository cannot be created: {string.Join("; ", problems)}", "Correct the options.");
        }

        FormatConfig config = NewConfig(options);
        RequireUsable(config, options.KeyDerivation);
        RetentionConfig retention = new() { Mode = options.RetentionMode, Period = options.RetentionPeriod.Ticks * NanosPerTick };
        if (retention.IsOn)
        {
            await RetentionBlobStore.RequireSupportedAsync(store, retention, cancellationToken);
        }

        await RequireEmptyAsync(store, cancellationToken);
        byte[] uniqueId = RandomNumberGenerator.GetBytes(KeyBytes);
        FormatBlob blob = new()
        {
            Tool = FormatBlob.ToolName,
            BuildVersion = "",
            BuildInfo = "",
            UniqueId = uniqueId,
            KeyAlgorithm = options.KeyDerivation,
            Encryption = FormatBlob.ConfigEncryption,
        };
        byte[] key = DeriveKey(blob, password);
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(new FormatConfigEnvelope { Format = config }, RepositoryJson.Default.FormatConfigEnvelope);
        blob = blob with { EncryptedConfig = FormatCipher.Encrypt(key, uniqueId, plain) };
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(blob, RepositoryJson.Default.FormatBlob);
        IBlobStore locking = retention.IsOn ? new RetentionBlobStore(store, retention, time) : store;
        await PutFormatBlobAsync(locking, bytes, cancellationToken);
        byte[] plainRetention = JsonSerializer.SerializeToUtf8Bytes(retention, RepositoryJson.Default.RetentionConfig);
        await locking.PutAsync(RetentionBlobName, FormatCipher.Encrypt(key, uniqueId, plainRetention), PutCondition.Always, cancellationToken);
        RepositoryParameters parameters = RepositoryParameters.Create(blob, config, bytes, retention, Now(time));
        return (new FormatStore(store, time, key), parameters);
    }

    /// <summary>Decrypts the schedule blob; its secret is the format key in repositories whose password cannot be changed.</summary>
    /// <exception cref="BackupException">Corrupt: the bytes were changed.</exception>
    public byte[] DecryptMaintenance(RepositoryParameters parameters, byte[] stored) =>
        MaintenanceCipher.Decrypt(MaintenanceSecret(parameters), parameters.UniqueId, stored);

    /// <summary>Encrypts the schedule blob.</summary>
    public byte[] EncryptMaintenance(RepositoryParameters parameters, ReadOnlySpan<byte> plain) =>
        MaintenanceCipher.Encrypt(MaintenanceSecret(parameters), parameters.UniqueId, plain);

    /// <summary>Forgets the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private byte[] MaintenanceSecret(RepositoryParameters parameters) => parameters.CanChangePassword ? parameters.MasterKey : _key;

    private static async Task RequireEmptyAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        await foreach (BlobInfo found in store.ListAsync("", cancellationToken))
        {
            bool isRepository = await store.TryGetInfoAsync(FormatBlobName, cancellationToken) is not null;
            throw AlreadyExists(store, isRepository ? "there is a repository already" : $"the blob {found.Name} is there already");
        }
    }

    private static async Task PutFormatBlobAsync(IBlobStore store, byte[] bytes, CancellationToken cancellationToken)
    {
        PutCondition condition = store.SupportsConditionalPut ? PutCondition.IfAbsent : PutCondition.Always;
        if (await store.PutAsync(FormatBlobName, bytes, condition, cancellationToken) && store.SupportsConditionalPut)
        {
            return;
        }

        // Refused: by another creator's blob, or by our own, put by an attempt whose answer was lost. Or the store does not decide,
        // so that the last put wins. Either way the bytes tell.
        byte[] winner = await WholeBlob.ReadAsync(store, FormatBlobName, MaxBlobBytes, cancellationToken);
        if (!winner.AsSpan().SequenceEqual(bytes))
        {
            throw AlreadyExists(store, "somebody else created a repository at the same time");
        }
    }

    private static FormatConfig NewConfig(NewRepositoryOptions options)
    {
        bool isOld = options.FormatVersion == 1;
        return new FormatConfig
        {
            Hash = options.Hash,
            Encryption = options.Encryption,
            Secret = RandomNumberGenerator.GetBytes(KeyBytes),
            MasterKey = RandomNumberGenerator.GetBytes(KeyBytes),
            Version = options.FormatVersion,
            MaxPackBytes = options.MaxPackBytes,
            IndexVersion = isOld ? 1 : 2,
            Epochs = isOld ? new EpochParameters() : options.Epochs ?? EpochParameters.Default,
            EnablePasswordChange = !isOld,
            Splitter = options.Splitter,
        };
    }

    /// <summary>Unknown algorithm names are refused here, before anything is written.</summary>
    private static void RequireUsable(FormatConfig config, string keyDerivation)
    {
        KeyDerivation.RequireForNewRepository(keyDerivation);
        using ContentHasher hasher = ContentHasher.Create(config.Hash ?? "", config.Secret);
        using ContentCipher cipher = ContentCipher.Create(config.Encryption ?? "", config.MasterKey);
        Splitter.Create(config.Splitter ?? "");
    }

    private static async Task<(FormatBlob Blob, byte[] Bytes)> ReadFormatBlobAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await WholeBlob.ReadAsync(store, FormatBlobName, MaxBlobBytes, cancellationToken);
        }
        catch (BackupException missing) when (missing.Kind == ErrorKind.NotFound)
        {
            throw new BackupException(
                ErrorKind.NotFound, $"there is no repository in {store.DisplayName}: the blob {FormatBlob.BlobId} is missing", "Check the store and the prefix, or create a repository.", missing);
        }

        return (ParseFormatBlob(bytes), bytes);
    }

    private static FormatBlob ParseFormatBlob(byte[] bytes)
    {
        FormatBlob blob = Parse(FormatBlob.BlobId, bytes, RepositoryJson.Default.FormatBlob);
        if (blob.UniqueId is null || blob.EncryptedConfig is null || blob.KeyAlgorithm is null)
        {
            throw new RepositoryCorruptException(FormatBlob.BlobId, null, "the members uniqueID, keyAlgo and encryptedBlockFormat", "not all of them");
        }

        if (blob.Encryption != FormatBlob.ConfigEncryption)
        {
            throw new BackupException(
                ErrorKind.Unsupported, $"the repository's configuration is encrypted as '{blob.Encryption}'", $"Only {FormatBlob.ConfigEncryption} is known.");
        }

        return blob;
    }

    private static byte[] DeriveKey(FormatBlob blob, string password)
    {
        byte[] key = new byte[KeyBytes];
        KeyDerivation.DeriveFormatKey(blob.KeyAlgorithm ?? "", password, blob.UniqueId, key);
        return key;
    }

    private async Task<RepositoryParameters> DecodeAsync(FormatBlob blob, byte[] bytes, CancellationToken cancellationToken)
    {
        byte[] plain = Decrypt(blob, blob.EncryptedConfig ?? [])
            ?? throw new BackupException(ErrorKind.WrongPassword, $"the password does not open the repository in {_store.DisplayName}", "Check the password.");
        FormatConfig config = Parse(FormatBlob.BlobId, plain, RepositoryJson.Default.FormatConfigEnvelope).Format
            ?? throw new RepositoryCorruptException(FormatBlob.BlobId, null, "the member format", "none");
        return RepositoryParameters.Create(blob, config, bytes, await ReadRetentionAsync(blob, cancellationToken), Now(_time));
    }

    private async Task<RetentionConfig> ReadRetentionAsync(FormatBlob blob, CancellationToken cancellationToken)
    {
        if (await _store.TryGetInfoAsync(RetentionBlobName, cancellationToken) is null)
        {
            return new RetentionConfig();
        }

        try
        {
            byte[] stored = await WholeBlob.ReadAsync(_store, RetentionBlobName, MaxBlobBytes, cancellationToken);
            byte[] plain = Decrypt(blob, stored)
                ?? throw new RepositoryCorruptException(RetentionConfig.BlobId, 0, "bytes that fit their authentication tag", "changed bytes");
            return Parse(RetentionConfig.BlobId, plain, RepositoryJson.Default.RetentionConfig);
        }
        catch (RepositoryCorruptException damaged)
        {
            return new RetentionConfig { Damage = damaged };
        }
    }

    private byte[]? Decrypt(FormatBlob blob, byte[] stored)
    {
        try
        {
            return FormatCipher.Decrypt(_key, blob.UniqueId, stored);
        }
        catch (BackupException unopened) when (unopened.Kind is ErrorKind.WrongPassword or ErrorKind.Corrupt) // named by the caller
        {
            return null;
        }
    }

    private static T Parse<T>(string blob, byte[] json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type)
                ?? throw new RepositoryCorruptException(blob, null, "a JSON object", "null");
        }
        catch (JsonException malformed)
        {
            throw new RepositoryCorruptException(blob, malformed.BytePositionInLine, "JSON of the format", "something else", malformed);
        }
    }

    private static BackupException AlreadyExists(IBlobStore store, string why) =>
        new(ErrorKind.AlreadyExists, $"no repository can be created in {store.DisplayName}: {why}", "Open the existing repository, or choose an empty prefix.");

    private static UnixNanos Now(TimeProvider time) => UnixNanos.From(time.GetUtcNow());
}
