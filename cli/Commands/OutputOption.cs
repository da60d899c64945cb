using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Commands;

/// <summary>The option <c>-o</c>.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat> Create() => new("--output", "-o") { HelpName = "table|json|yaml", Description = "How objects are printed [default: table]" };

    public static string Write<T>(Noun<T> noun, T value, OutputFormat format) => ObjectWriter.Write(NodeOf(noun, value), format);

    /// <summary>A list object, as Kubernetes has them.</summary>
    public static string WriteList<T>(Noun<T> noun, IEnumerable<T> values, OutputFormat format)
    {
        JsonArray items = [.. values.OrderBy(noun.NameOf, ObjectNames.Order).Select(value => NodeOf(noun, value))];
        return ObjectWriter.Write(new JsonObject { ["apiVersion"] = Engine.Catalog.VeleroNames.ApiVersion, ["kind"] = noun.ListKind, ["items"] = items }, format);
    }

    private static JsonNode NodeOf<T>(Noun<T> noun, T value) => JsonSerializer.SerializeToNode(value, noun.Json)!; // an object is not null
}
