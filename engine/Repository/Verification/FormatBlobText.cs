using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using BackupFunctions.Engine.Repository.Format;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>
/// The format blob byte by byte. Nothing in it is protected but the encrypted configuration and what the key depends on; but it is
/// only ever written in two forms: on one line by this program, indented by two spaces and with a line end behind it by Kopia. So
/// any other blank, escape or member is damage. What stays unprotected is the text of two members for people.
/// </summary>
internal static class FormatBlobText
{
    private static readonly string[] Members = ["tool", "buildVersion", "buildInfo", "uniqueID", "keyAlgo", "version", "encryption", "encryptedBlockFormat"];

    /// <summary>Members that say which program wrote it.</summary>
    private static readonly string[] FreeMembers = ["buildVersion", "buildInfo"];

    /// <exception cref="RepositoryCorruptException">The text is not as any program writes it.</exception>
    /// <returns>How many bytes may be anything.</returns>
    public static int Check(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw Damaged(null, "UTF-8", "other bytes");
        }

        using JsonDocument json = Parse(bytes);
        int free = 0;
        Dictionary<string, string> values = [];
        foreach (JsonProperty member in json.RootElement.EnumerateObject())
        {
            if (!Members.Contains(member.Name) || member.Value.ValueKind != JsonValueKind.String || !values.TryAdd(member.Name, member.Value.GetString() ?? ""))
            {
                throw Damaged(null, "only members that a format blob has, each once", "another one");
            }

            free += FreeMembers.Contains(member.Name) ? member.Value.GetRawText().Length - 2 : 0; // without its quotes
        }

        if (values.GetValueOrDefault("tool") != FormatBlob.ToolName || !FreeMembers.All(values.ContainsKey))
        {
            throw Damaged(null, $"the tool {FormatBlob.ToolName} and its version", "others");
        }

        RequireForm(bytes, json, values);
        return free;
    }

    private static void RequireForm(byte[] bytes, JsonDocument json, Dictionary<string, string> values)
    {
        ReadOnlySpan<byte> indented = [.. Write(json, isIndented: true), (byte)'\n'];
        int same = Math.Max(bytes.AsSpan().CommonPrefixLength(indented), bytes.AsSpan().CommonPrefixLength(Write(json, isIndented: false)));
        bool isKnown = bytes.AsSpan().SequenceEqual(indented) || bytes.AsSpan().SequenceEqual(Write(json, isIndented: false));
        if (!isKnown)
        {
            throw Damaged(same, "text as Kopia or this program write it", "other text of the same meaning");
        }

        foreach (string name in (string[])["uniqueID", "encryptedBlockFormat"])
        {
            // The last character of base64 may differ without a difference in the bytes.
            if (values.TryGetValue(name, out string? text) && Convert.ToBase64String(Convert.FromBase64String(text)) != text)
            {
                throw Damaged(null, $"{name} as base64 is written", "unused bits that are set");
            }
        }
    }

    private static JsonDocument Parse(byte[] bytes)
    {
        try
        {
            JsonDocument json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw Damaged(0, "a JSON object", $"{json.RootElement.ValueKind}");
        }
        catch (JsonException malformed)
        {
            throw new RepositoryCorruptException(FormatBlob.BlobId, malformed.BytePositionInLine, "JSON", "something else", malformed);
        }
    }

    private static ReadOnlySpan<byte> Write(JsonDocument json, bool isIndented)
    {
        ArrayBufferWriter<byte> text = new();
        JsonWriterOptions options = new() { Indented = isIndented, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new(text, options))
        {
            json.WriteTo(writer);
        }

        return text.WrittenSpan;
    }

    private static RepositoryCorruptException Damaged(long? offset, string expected, string found) => new(FormatBlob.BlobId, offset, expected, found);
}
