using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Manifests;

/// <summary>
/// The bytes of a manifest content: gzip of <c>{"entries":[{"id":…,"labels":{…},"modified":…,"deleted":true,"data":…},…]}</c>. There
/// must be no other member than <c>entries</c>, and it must be an array: Kopia's reader fails on anything else, for the whole repository.
/// </summary>
internal static class ManifestCodec
{
    private const int MaxPlainBytes = 256 << 20;
    private const int CopyBytes = 64 << 10;

    public static byte[] Encode(IEnumerable<StoredManifest> manifests)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
        using (Utf8JsonWriter json = new(gzip))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries"u8);
            foreach (StoredManifest manifest in manifests)
            {
                WriteManifest(json, manifest);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return compressed.ToArray();
    }

    /// <exception cref="RepositoryCorruptException">The bytes are not such JSON.</exception>
    public static List<StoredManifest> Decode(ContentId content, ReadOnlyMemory<byte> compressed)
    {
        try
        {
            return Parse(content, Decompress(content, compressed));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidDataException or InvalidOperationException) // the last: text that is not UTF-8
        {
            throw Damaged(content, "gzipped JSON of manifests", "something else", malformed);
        }
    }

    private static void WriteManifest(Utf8JsonWriter json, StoredManifest manifest)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, manifest.Id.ToString());
        if (manifest.Entry is { } entry)
        {
            json.WriteStartObject("labels"u8);
            foreach ((string label, string value) in entry.Labels)
            {
                json.WriteString(label, value);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("labels"u8);
        }

        json.WriteString("modified"u8, manifest.Modified.ToString());
        if (manifest.IsDeleted)
        {
            json.WriteBoolean("deleted"u8, true);
        }

        json.WritePropertyName("data"u8);
        if (manifest.Entry is { } live)
        {
            json.WriteRawValue(live.Json.Span, skipInputValidation: true); // was checked when it came in
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Decompress(ContentId content, ReadOnlyMemory<byte> compressed)
    {
        using MemoryStream source = new(compressed.ToArray(), writable: false);
        using GZipStream gzip = new(source, CompressionMode.Decompress);
        ArrayBufferWriter<byte> plain = new(CopyBytes);
        int read;
        while ((read = gzip.Read(plain.GetSpan(CopyBytes))) > 0)
        {
            plain.Advance(read);
            if (plain.WrittenCount > MaxPlainBytes)
            {
                throw Damaged(content, $"at most {MaxPlainBytes} bytes of manifests", "more");
            }
        }

        return plain.WrittenSpan;
    }

    private static List<StoredManifest> Parse(ContentId content, ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        List<StoredManifest> manifests = [];
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, content, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isEntries = reader.ValueTextEquals("entries"u8);
            reader.Read();
            if (!isEntries || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
                continue;
            }

            Require(reader.TokenType == JsonTokenType.StartArray, content, "an array of entries");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                manifests.Add(ParseManifest(content, json, ref reader));
            }
        }

        Require(reader.TokenType == JsonTokenType.EndObject && !reader.Read(), content, "one object");
        return manifests;
    }

    private static StoredManifest ParseManifest(ContentId content, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, content, "an entry");
        ManifestId? id = null;
        UnixNanos? modified = null;
        bool isDeleted = false;
        IReadOnlyDictionary<string, string> labels = new Dictionary<string, string>();
        byte[] data = "null"u8.ToArray();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "id" when reader.TokenType == JsonTokenType.String && ManifestId.TryParse(reader.GetString(), out ManifestId parsed):
                    id = parsed;
                    break;
                case "modified" when reader.TokenType == JsonTokenType.String && UnixNanos.TryParse(reader.GetString(), out UnixNanos time):
                    modified = time;
                    break;
                case "deleted":
                    isDeleted = reader.TokenType == JsonTokenType.True;
                    break;
                case "labels" when reader.TokenType == JsonTokenType.StartObject:
                    labels = ParseLabels(content, ref reader);
                    break;
                case "data":
                    int start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    data = json[start..(int)reader.BytesConsumed].ToArray();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (id is not { } known || modified is not { } when)
        {
            throw Damaged(content, "an entry with id and modified", "one without, or not readable");
        }

        return new StoredManifest(known, when, isDeleted ? null : new ManifestEntry(known, labels, when, data));
    }

    private static Dictionary<string, string> ParseLabels(ContentId content, ref Utf8JsonReader reader)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString() ?? "";
            reader.Read();
            Require(reader.TokenType == JsonTokenType.String, content, "labels that are text");
            labels[name] = reader.GetString() ?? "";
        }

        return labels;
    }

    private static void Require(bool holds, ContentId content, string expected)
    {
        if (!holds)
        {
            throw Damaged(content, expected + " in the JSON of manifests", "something else");
        }
    }

    private static RepositoryCorruptException Damaged(ContentId content, string expected, string found, Exception? inner = null) =>
        new(content.ToString(), null, expected, found, inner);
}
