using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>One of Kopia's sessions: the name that the packs between two flushes share, and the marker blob that protects them (W2).</summary>
internal sealed class PackSession
{
    private const string Prefix = "s";
    private const int RandomBytes = 8;

    /// <summary>The name ends with the number of 30-day periods since 2000, in hex.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private static readonly DateTimeOffset FirstPeriod = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IBlobStore _store;
    private readonly BlobName _marker;

    private PackSession(IBlobStore store, string id, BlobName marker, int markerBytes)
    {
        _store = store;
        Id = id;
        _marker = marker;
        MarkerBytes = markerBytes;
    }

    /// <summary>The session's name: the second part of its packs' and index blobs' names.</summary>
    public string Id { get; }

    /// <summary>Stored length of the marker.</summary>
    public int MarkerBytes { get; }

    /// <summary>Makes a new session and puts its marker.</summary>
    public static async Task<PackSession> StartAsync(
        IBlobStore store, RepositoryCrypto crypto, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        long period = (now - FirstPeriod).Ticks / Period.Ticks;
        string random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
        string id = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{random}{period:x}");
        string started = UnixNanos.From(now).ToString();
        SessionMarker marker = new()
        {
            Id = id,
            StartTime = started,
            CheckpointTime = started,
            UserName = options.UserName,
            HostName = options.HostName,
        };
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(marker, RepositoryJson.Default.SessionMarker);
        (string text, byte[] stored) = crypto.EncryptBlob(Prefix, plain, id);
        BlobName name = BlobName.Parse(text);
        await store.PutAsync(name, stored, PutCondition.Always, cancellationToken);
        return new PackSession(store, id, name, stored.Length);
    }

    /// <summary>Deletes the marker, once the index covers all packs.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => _store.DeleteAsync(_marker, cancellationToken);
}
