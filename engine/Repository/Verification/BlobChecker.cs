using System.IO.Compression;
using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>Checks the blobs that are no packs, each from its first byte to its last, by what its name says it is.</summary>
internal sealed class BlobChecker(KopiaRepository repository, IBlobStore store, FindingLedger ledger)
{
    private const string ReadinessBlobId = "udmrepo.Repository";
    private const string FormatCopyPrefix = FormatBlob.BlobId + ".backup.";
    private const int MaxSmallBytes = 1 << 20;
    private const int MaxIndexBytes = 1 << 30;

    /// <summary>Sessions that are older than this ended without removing their marker: Kopia's own limit.</summary>
    private static readonly TimeSpan SessionAge = TimeSpan.FromHours(96);

    public async Task CheckAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        string name = blob.Name.ToString();
        try
        {
            await CheckAsync(blob, name, cancellationToken);
        }
        catch (RepositoryCorruptException damaged)
        {
            ledger.Add(RepositoryFinding.Of(FindingKind.DamagedBlob, FindingSeverity.Damage, damaged) with { Blob = name });
        }
        catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
        {
            // Index blobs, markers and logs come and go; what the index needed was loaded before.
        }
        catch (BackupException unreadable) when (unreadable.Kind is ErrorKind.Corrupt or ErrorKind.WrongPassword or ErrorKind.Unsupported)
        {
            ledger.Add(new RepositoryFinding(FindingKind.DamagedBlob, FindingSeverity.Damage, name, null, "a readable blob", unreadable.Message));
        }
    }

    private Task CheckAsync(BlobInfo blob, string name, CancellationToken cancellationToken) => name switch
    {
        FormatBlob.BlobId => CheckFormatAsync(blob, cancellationToken),
        RetentionConfig.BlobId => CheckRetentionAsync(cancellationToken),
        MaintenanceSchedule.BlobId => CheckMaintenanceAsync(cancellationToken),
        ReadinessBlobId => CheckReadinessAsync(blob, cancellationToken),
        _ when LegacyIndexBlobStore.IsPoison(blob.Name) => CountUncheckable(blob), // it keeps old versions out; what it says does not matter
        _ when name.StartsWith(FormatCopyPrefix, StringComparison.Ordinal) => CheckFormatTextAsync(blob, cancellationToken),
        _ when name.StartsWith(RepositoryRepairer.SetAsidePrefix, StringComparison.Ordinal) => AddSetAside(name),
        _ => name[0] switch
        {
            'x' => CheckEpochBlobAsync(blob, cancellationToken),
            'n' => CheckIndexAsync(blob, cancellationToken),
            'm' => CheckJsonAsync(blob, static json => JsonSerializer.Deserialize(json, RepositoryJson.Default.CompactionLogEntry) is not null, cancellationToken),
            'l' => CheckJsonAsync(blob, static json => IsJson(json), cancellationToken),
            's' => CheckSessionAsync(blob, cancellationToken),
            '_' => CheckLogAsync(blob, cancellationToken),
            _ => AddUnknown(blob),
        },
    };

    private async Task CheckFormatAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        RepositoryParameters now = await repository.FormatBlobs.ReadAgainAsync(cancellationToken);
        if (now.KeyAlgorithm != repository.Parameters.KeyAlgorithm)
        {
            throw new RepositoryCorruptException(FormatBlob.BlobId, null, $"the key algorithm {repository.Parameters.KeyAlgorithm}", now.KeyAlgorithm);
        }

        await CheckFormatTextAsync(blob, cancellationToken);
    }

    private async Task CheckRetentionAsync(CancellationToken cancellationToken)
    {
        if ((await repository.FormatBlobs.ReadAgainAsync(cancellationToken)).Retention.Damage is { } damage)
        {
            throw damage;
        }
    }

    private async Task CheckFormatTextAsync(BlobInfo blob, CancellationToken cancellationToken) =>
        AddUncheckable(FormatBlobText.Check(await ReadAsync(blob, MaxSmallBytes, cancellationToken)));

    private Task<MaintenanceSchedule> CheckMaintenanceAsync(CancellationToken cancellationToken) =>
        new ScheduleStore(store, repository.FormatBlobs, repository.Parameters).LoadAsync(cancellationToken); // reading it checks it

    /// <summary>Velero's mark has one form only.</summary>
    private async Task CheckReadinessAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        byte[] bytes = await ReadAsync(blob, MaxSmallBytes, cancellationToken);
        byte[] expected = System.Text.Encoding.UTF8.GetBytes($$"""{"uniqueID":"{{repository.Format.UniqueId}}"}""");
        Require(bytes.AsSpan().SequenceEqual(expected), blob, "JSON that names this repository");
    }

    private async Task CheckEpochBlobAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        if (!EpochBlobName.TryParse(blob.Name, out EpochBlobName name))
        {
            await AddUnknown(blob);
        }
        else if (name.Kind is EpochBlobKind.Marker or EpochBlobKind.Watermark)
        {
            byte[] bytes = await ReadAsync(blob, MaxSmallBytes, cancellationToken);
            ReadOnlySpan<byte> expected = name.Kind == EpochBlobKind.Marker ? "epoch-marker"u8 : "deletion-watermark"u8;
            Require(bytes.AsSpan().SequenceEqual(expected), blob, $"the text {System.Text.Encoding.ASCII.GetString(expected)}");
        }
        else
        {
            await CheckIndexAsync(blob, cancellationToken);
        }
    }

    private async Task CheckIndexAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        byte[] plain = await DecryptAsync(blob, MaxIndexBytes, cancellationToken);
        foreach (IndexEntry _ in IndexSegmentCheck.Walk(IndexSegment.Parse(blob.Name.ToString(), plain)))
        {
            // Reading an entry checks it.
        }
    }

    private async Task CheckSessionAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        SessionMarker? marker = null;
        await CheckJsonAsync(blob, json => (marker = JsonSerializer.Deserialize(json, RepositoryJson.Default.SessionMarker)) is not null, cancellationToken);
        Require(UnixNanos.TryParse(marker?.CheckpointTime, out UnixNanos checkpoint), blob, "a session with its time");
        if (checkpoint < UnixNanos.From(repository.Time.GetUtcNow() - SessionAge))
        {
            ledger.Add(new RepositoryFinding(FindingKind.StaleSession, FindingSeverity.Harmless, blob.Name.ToString(), null, "no marker of a session that ended", $"one of {checkpoint}"));
        }
    }

    private async Task CheckLogAsync(BlobInfo blob, CancellationToken cancellationToken)
    {
        byte[] compressed = await DecryptAsync(blob, MaxIndexBytes, cancellationToken);
        try
        {
            using GZipStream log = new(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
            await log.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (InvalidDataException)
        {
            Require(false, blob, "compressed text");
        }
    }

    private async Task CheckJsonAsync(BlobInfo blob, Func<byte[], bool> isRight, CancellationToken cancellationToken)
    {
        byte[] plain = await DecryptAsync(blob, MaxIndexBytes, cancellationToken);
        bool isJson;
        try
        {
            isJson = isRight(plain);
        }
        catch (JsonException)
        {
            isJson = false;
        }

        Require(isJson, blob, "JSON of its kind");
    }

    /// <summary>Decrypts a blob and holds it against the hash in its name.</summary>
    private async Task<byte[]> DecryptAsync(BlobInfo blob, int maxBytes, CancellationToken cancellationToken)
    {
        byte[] plain = repository.Crypto.DecryptBlob(blob.Name, await ReadAsync(blob, maxBytes, cancellationToken));
        string hash = repository.Crypto.IdOf('\0', plain).ToString();
        string stem = blob.Name.ToString().Split('-')[0];
        Require(stem.EndsWith(hash, StringComparison.Ordinal), blob, "bytes whose hash is in the blob's name");
        return plain;
    }

    private async Task<byte[]> ReadAsync(BlobInfo blob, int maxBytes, CancellationToken cancellationToken)
    {
        byte[] bytes = await WholeBlob.ReadAsync(store, blob, maxBytes, cancellationToken);
        ledger.Count(report => report with { BytesRead = report.BytesRead + bytes.Length });
        return bytes;
    }

    private Task AddSetAside(string name)
    {
        ledger.Add(new RepositoryFinding(FindingKind.SetAsideBlob, FindingSeverity.Harmless, name, null, "no damaged blobs", "one that repair set aside"));
        return Task.CompletedTask;
    }

    private Task AddUnknown(BlobInfo blob)
    {
        ledger.Add(new RepositoryFinding(FindingKind.UnknownBlob, FindingSeverity.Harmless, blob.Name.ToString(), null, "blobs of the format only", "a blob of another kind"));
        return CountUncheckable(blob);
    }

    private Task CountUncheckable(BlobInfo blob)
    {
        AddUncheckable(blob.LengthBytes);
        return Task.CompletedTask;
    }

    private void AddUncheckable(long bytes) => ledger.Count(report => report with { UncheckableBytes = report.UncheckableBytes + bytes });

    private static bool IsJson(byte[] json)
    {
        using JsonDocument parsed = JsonDocument.Parse(json);
        return parsed.RootElement.ValueKind == JsonValueKind.Object;
    }

    private static void Require(bool holds, BlobInfo blob, string expected)
    {
        if (!holds)
        {
            throw new RepositoryCorruptException(blob.Name.ToString(), null, expected, "something else");
        }
    }
}
