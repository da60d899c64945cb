using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Cli.Output;

/// <summary>Objects as JSON or YAML.</summary>
internal static class ObjectWriter
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        IndentCharacter = ' ',
        IndentSize = 4,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a terminal, no web page
    };

    /// <summary>Text with a line feed at its end.</summary>
    public static string Write(JsonNode node, OutputFormat format) => format switch
    {
        OutputFormat.Json => ToJson(node) + "\n",
        OutputFormat.Yaml => YamlWriter.Write(node),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of objects."),
    };

    private static string ToJson(JsonNode node)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Indented))
        {
            node.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
