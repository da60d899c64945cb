using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Json;

/// <summary>
/// Writes a <see cref="JsonNode"/> as block-style YAML that reads back as the same value with YAML 1.1 and 1.2 readers: numbers keep
/// their spelling, texts that could be taken for something else are quoted, texts of several lines become literal blocks.
/// </summary>
public sealed class YamlWriter
{
    private const int IndentWidth = 2;

    private readonly StringBuilder _text = new();

    private YamlWriter()
    {
    }

    /// <summary>One document with a line feed at its end.</summary>
    public static string Write(JsonNode? node)
    {
        YamlWriter writer = new();
        writer.WriteNode(node, 0, Place.Line);
        return writer._text.ToString();
    }

    private enum Place
    {
        /// <summary>At the start of a line, indentation not yet written.</summary>
        Line,

        /// <summary>After <c>key:</c>, without a space.</summary>
        Key,

        /// <summary>After <c>- </c>: the first member goes on this line.</summary>
        Dash,
    }

    private void WriteNode(JsonNode? node, int indent, Place place)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                WriteMembers(members, indent, place);
                break;
            case JsonArray { Count: > 0 } items:
                // Items under a key stand at the key's own column, as Kubernetes' tools write them.
                WriteItems(items, place == Place.Key ? indent - IndentWidth : indent, place);
                break;
            default:
                _text.Append(place == Place.Key ? " " : "");
                WriteScalar(node, indent);
                _text.Append('\n');
                break;
        }
    }

    private void WriteMembers(JsonObject members, int indent, Place place)
    {
        _text.Append(place == Place.Key ? "\n" : "");
        bool first = place == Place.Dash;
        foreach ((string key, JsonNode? value) in members)
        {
            _text.Append(' ', first ? 0 : indent).Append(YamlScalars.IsSafePlain(key) ? key : Quote(key)).Append(':');
            first = false;
            WriteNode(value, indent + IndentWidth, Place.Key);
        }
    }

    private void WriteItems(JsonArray items, int indent, Place place)
    {
        _text.Append(place == Place.Key ? "\n" : "");
        bool first = place == Place.Dash;
        foreach (JsonNode? item in items)
        {
            _text.Append(' ', first ? 0 : indent).Append("- ");
            first = false;
            WriteNode(item, indent + IndentWidth, Place.Dash);
        }
    }

    private void WriteScalar(JsonNode? node, int indent)
    {
        switch (node)
        {
            case null:
                _text.Append("null");
                break;
            case JsonObject:
                _text.Append("{}");
                break;
            case JsonArray:
                _text.Append("[]");
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                {
                    WriteText(node.GetValue<string>(), indent);
                }
                else
                {
                    _text.Append(node.ToJsonString());
                }

                break;
        }
    }

    private void WriteText(string value, int indent)
    {
        if (YamlScalars.IsSafePlain(value))
        {
            _text.Append(value);
        }
        else if (indent > 0 && IsLiteralBlock(value))
        {
            string body = value.TrimEnd('\n');
            int ending = value.Length - body.Length;
            _text.Append('|').Append(ending switch { 0 => "-", 1 => "", _ => "+" });
            foreach (string line in body.Split('\n'))
            {
                _text.Append('\n').Append(' ', line.Length == 0 ? 0 : indent).Append(line);
            }

            _text.Append('\n', Math.Max(ending - 1, 0));
        }
        else
        {
            _text.Append(Quote(value));
        }
    }

    /// <summary>Several printable lines of which the first shows the block's indentation.</summary>
    private static bool IsLiteralBlock(string value) =>
        value.Contains('\n', StringComparison.Ordinal)
        && value[0] is not ('\n' or ' ' or '\t')
        && value.All(c => c is '\n' or '\t' || (c >= ' ' && c < '\u007f') || (c > '\u00a0' && c is not ('\u2028' or '\u2029' or '\ufeff') && !char.IsSurrogate(c) && c < '\ufff0'));

    private static string Quote(string value) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value) + "\"";
}
