using System.CommandLine;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Commands;

/// <summary>The options that go into an object's metadata.</summary>
internal sealed class MetadataOptions
{
    private readonly Option<Dictionary<string, string>> labels = OptionValues.Pairs("--labels", '=', "Labels of the object itself");
    private readonly Option<Dictionary<string, string>> annotations = OptionValues.Pairs("--annotations", '=', "Annotations of the object itself");

    public void AddTo(Command command)
    {
        command.Options.Add(labels);
        command.Options.Add(annotations);
    }

    public ObjectMetadata Read(ParseResult parsed, string name) => new()
    {
        Name = name,
        Namespace = VeleroNames.DefaultNamespace,
        Labels = parsed.GetValue(labels),
        Annotations = parsed.GetValue(annotations),
    };
}
