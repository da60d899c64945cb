using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog.Files;

/// <summary>Reads and writes the JSON files of the catalog, plain or packed, with limits.</summary>
internal static class CatalogFiles
{
    /// <summary>Largest JSON file, unpacked: a resource list of some million names.</summary>
    private const long MaxJsonBytes = 256L * 1024 * 1024;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's value; null when there is no such file or it holds null.</summary>
    /// <exception cref="BackupException">Corrupt when it cannot be unpacked or is not the JSON it should be.</exception>
    public static async Task<T?> TryReadAsync<T>(IBlobStore store, BlobName blob, bool packed, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        Stream? raw = await TryOpenAsync(store, blob, cancellationToken);
        if (raw is null)
        {
            return null;
        }

        await using Stream content = packed ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        try
        {
            using LimitedReadStream limited = new(content, MaxJsonBytes);
            return await JsonSerializer.DeserializeAsync(limited, type, cancellationToken);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or NotSupportedException)
        {
            throw new BackupException(
                ErrorKind.Corrupt,
                $"'{blob}' in {store.DisplayName} is damaged: {e.Message}",
                "Bring the object back from an older version if the bucket keeps versions, or delete the backup or restore it belongs to.",
                e);
        }
    }

    /// <summary>The blob's content, or null when there is none.</summary>
    public static async Task<Stream?> TryOpenAsync(IBlobStore store, BlobName blob, CancellationToken cancellationToken)
    {
        try
        {
            return await store.OpenReadAsync(blob, null, cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    public static Task<bool> WritePlainAsync<T>(
        IBlobStore store, BlobName blob, T value, JsonTypeInfo<T> type, PutCondition condition, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Indented))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return store.PutAsync(blob, buffer.WrittenMemory, condition, cancellationToken);
    }

    public static Task WritePackedAsync<T>(IBlobStore store, BlobName blob, T? value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using MemoryStream buffer = new();
        using (GZipStream gzip = new(buffer, CompressionLevel.Optimal, leaveOpen: true))
        using (Utf8JsonWriter writer = new(gzip, Compact))
        {
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, type);
            }
        }

        return store.PutAsync(blob, buffer.GetBuffer().AsMemory(0, (int)buffer.Length), PutCondition.Always, cancellationToken);
    }
}
