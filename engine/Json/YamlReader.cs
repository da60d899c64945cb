using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BackupFunctions.Engine.Json;

/// <summary>Reads YAML (and so JSON) as <see cref="JsonNode"/>: members in their order, numbers in their spelling.</summary>
public sealed class YamlReader
{
    /// <summary>Deepest nesting: above that of any custom resource definition.</summary>
    private const int MaxDepth = 256;

    /// <summary>Most values of one text, aliases counted where they are used, so that no small text becomes a huge tree.</summary>
    private const int MaxNodes = 2_000_000;

    private readonly Parser _parser;
    private readonly Dictionary<string, JsonNode?> _anchors = [];
    private int _nodes;

    private YamlReader(TextReader text) => _parser = new Parser(new Scanner(text, skipComments: true));

    /// <summary>The one document of the text; null when it is empty.</summary>
    /// <exception cref="BackupException">InvalidInput: not YAML, not just one document, or beyond the limits.</exception>
    public static JsonNode? Parse(string text) => ParseAll(text) switch
    {
        [] => null,
        [var only] => only,
        _ => throw Invalid("more than one document", 1, null),
    };

    /// <summary>All documents of the text; empty ones are left out.</summary>
    /// <exception cref="BackupException">InvalidInput: not YAML, or beyond the limits.</exception>
    public static IReadOnlyList<JsonNode> ParseAll(string text)
    {
        using StringReader reader = new(text);
        YamlReader yaml = new(reader);
        try
        {
            return yaml.ReadStream();
        }
        catch (YamlException e)
        {
            throw Invalid(e.InnerException?.Message ?? e.Message, e.Start.Line, e);
        }
        catch (InvalidOperationException e)
        {
            // The scanner loses its place on some broken texts, such as a bracket that is never closed.
            throw Invalid("something is not closed or not indented as it must be", yaml._parser.Current?.End.Line ?? 1, e);
        }
    }

    private static BackupException Invalid(string problem, long line, Exception? inner) =>
        new(ErrorKind.InvalidInput, $"The YAML text is not valid: {problem} (line {line}).", "Correct the text.", inner);

    private List<JsonNode> ReadStream()
    {
        List<JsonNode> documents = [];
        _parser.Consume<StreamStart>();
        while (!_parser.TryConsume<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            _anchors.Clear();
            if (ReadNode(0) is { } document)
            {
                documents.Add(document);
            }

            _parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private JsonNode? ReadNode(int depth)
    {
        Count(depth);
        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out JsonNode? target)
                ? CloneCounted(target, depth)
                : throw Invalid($"alias '{alias.Value.Value}' names nothing", alias.Start.Line, null);
        }

        if (!_parser.Accept<NodeEvent>(out NodeEvent? start))
        {
            throw Invalid("a value is missing", _parser.Current?.Start.Line ?? 0, null);
        }

        JsonNode? node = start switch
        {
            Scalar => ReadScalar(_parser.Consume<Scalar>()),
            SequenceStart => ReadSequence(depth),
            _ => ReadMapping(depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node?.DeepClone();
        }

        return node;
    }

    private static JsonNode? ReadScalar(Scalar scalar)
    {
        bool text = scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value is "tag:yaml.org,2002:str" or "!");
        return text ? JsonValue.Create(scalar.Value) : YamlScalars.Resolve(scalar.Value);
    }

    private JsonArray ReadSequence(int depth)
    {
        JsonArray array = [];
        _parser.Consume<SequenceStart>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            array.Add(ReadNode(depth + 1));
        }

        return array;
    }

    private JsonObject ReadMapping(int depth)
    {
        JsonObject members = [];
        List<JsonNode?> merged = [];
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out Scalar? key))
            {
                throw Invalid("a key is not a plain text", _parser.Current?.Start.Line ?? 0, null);
            }

            JsonNode? value = ReadNode(depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.Add(value);
            }
            else if (!members.TryAdd(key.Value, value))
            {
                throw Invalid($"the key '{key.Value}' comes twice", key.Start.Line, null);
            }
        }

        foreach (JsonNode? source in merged)
        {
            Merge(members, source);
        }

        return members;
    }

    private static void Merge(JsonObject members, JsonNode? source)
    {
        if (source is JsonArray several)
        {
            foreach (JsonNode? one in several)
            {
                Merge(members, one);
            }
        }
        else if (source is JsonObject one)
        {
            foreach ((string key, JsonNode? value) in one)
            {
                members.TryAdd(key, value?.DeepClone());
            }
        }
    }

    private JsonNode? CloneCounted(JsonNode? node, int depth)
    {
        CountTree(node, depth);
        return node?.DeepClone();
    }

    private void CountTree(JsonNode? node, int depth)
    {
        Count(depth);
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (JsonNode? child in children)
        {
            CountTree(child, depth + 1);
        }
    }

    private void Count(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Invalid($"nested deeper than {MaxDepth} levels", _parser.Current?.Start.Line ?? 0, null);
        }

        if (++_nodes > MaxNodes)
        {
            throw Invalid($"more than {MaxNodes} values", _parser.Current?.Start.Line ?? 0, null);
        }
    }
}
