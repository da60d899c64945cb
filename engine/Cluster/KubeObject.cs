using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster;

/// <summary>
/// One Kubernetes object as raw JSON: every field and every number as it came. The typed members only read; <see cref="Root"/> is
/// changed in place by restore rules on a copy of their own (<see cref="Clone"/>).
/// </summary>
public sealed class KubeObject
{
    /// <exception cref="BackupException">Corrupt when the JSON has no kind, apiVersion or metadata.name.</exception>
    public KubeObject(JsonObject root)
    {
        Root = root;
        if (Text(root, "apiVersion") is null || Text(root, "kind") is null || root["metadata"] is not JsonObject metadata || Text(metadata, "name") is null)
        {
            throw new BackupException(ErrorKind.Corrupt, "A Kubernetes object lacks apiVersion, kind or metadata.name.", "Check where the object came from.");
        }
    }

    /// <summary>The whole object.</summary>
    public JsonObject Root { get; }

    public string ApiVersion => Text(Root, "apiVersion")!; // checked by the constructor

    public string Kind => Text(Root, "kind")!; // checked by the constructor

    public JsonObject Metadata => (JsonObject)Root["metadata"]!; // checked by the constructor

    public string Name => Text(Metadata, "name")!; // checked by the constructor

    /// <summary>The object's namespace, or null for cluster scope.</summary>
    public string? Namespace => Text(Metadata, "namespace") is { Length: > 0 } ns ? ns : null;

    public string? Uid => Text(Metadata, "uid");

    public JsonObject? Spec => Root["spec"] as JsonObject;

    public JsonObject? Status => Root["status"] as JsonObject;

    /// <summary>The value of a label, or null.</summary>
    public string? Label(string key) => Metadata["labels"] is JsonObject labels ? Text(labels, key) : null;

    /// <summary>The value of an annotation, or null.</summary>
    public string? Annotation(string key) => Metadata["annotations"] is JsonObject annotations ? Text(annotations, key) : null;

    /// <summary>The string at a path of member names, or null when anything on the way is missing or no string.</summary>
    public string? TextAt(params ReadOnlySpan<string> path) => NodeAt(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The node at a path of member names, or null.</summary>
    public JsonNode? NodeAt(params ReadOnlySpan<string> path)
    {
        JsonNode? node = Root;
        foreach (string member in path)
        {
            node = node is JsonObject parent ? parent[member] : null;
        }

        return node;
    }

    /// <exception cref="BackupException">Corrupt when the bytes are not a JSON object of the right shape.</exception>
    public static KubeObject Parse(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            return new KubeObject(JsonNode.Parse(utf8Json, documentOptions: ClusterJson.Reading) as JsonObject
                ?? throw new BackupException(ErrorKind.Corrupt, "A Kubernetes object is not a JSON object.", "Check where the object came from."));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new BackupException(ErrorKind.Corrupt, $"A Kubernetes object is not valid JSON: {e.Message}", "Check where the object came from.", e);
        }
    }

    /// <summary>Compact UTF-8 JSON with members in their order and numbers as they came.</summary>
    public byte[] ToUtf8Json()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            Root.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    public KubeObject Clone() => new((JsonObject)Root.DeepClone());

    public override string ToString() => Namespace is { } ns ? $"{Kind} {ns}/{Name}" : $"{Kind} {Name}";

    private static string? Text(JsonObject parent, string member) =>
        parent[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
