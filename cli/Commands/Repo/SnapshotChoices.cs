using System.CommandLine;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary>The options that say what a new snapshot is called and how it is read.</summary>
internal sealed class SnapshotChoices(CliContext context)
{
    // The kopia command line keeps its users' tags under keys of this form, apart from those of programs.
    private const string TagPrefix = "tag:";

    private readonly Option<SnapshotSource?> source = SnapshotReference.SourceOption($"What it is a snapshot of [default: {context.User}@{context.Host}:PATH]");
    private readonly Option<string?> description = new("--description") { HelpName = "TEXT", Description = "For people" };
    private readonly Option<Dictionary<string, string>> tags = OptionValues.Pairs("--tag", ':', "Tags");
    private readonly Option<string[]> pins = OptionValues.List("--pin", "Names of reasons to keep it whatever the retention");
    private readonly Option<string?> compression = OptionValues.OneOf("--compression", "compression", ObjectCompression.Names, "Of files [default: what Kopia's policies say, else none]; one of");
    private readonly Option<int?> parallel = RepoRunner.ParallelOption("Files read at a time");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[source, description, tags, pins, compression, parallel])
        {
            command.Options.Add(option);
        }
    }

    public SnapshotDescription Describe(ParseResult parsed, string folder) => new(
        parsed.GetValue(source) ?? new SnapshotSource(context.Host, context.User, folder),
        parsed.GetValue(description) ?? "",
        (parsed.GetValue(tags) ?? []).ToDictionary(tag => TagPrefix + tag.Key, tag => tag.Value),
        parsed.GetValue(pins) ?? []);

    public UploadOptions ReadUpload(ParseResult parsed)
    {
        UploadOptions usual = new();
        return usual with
        {
            Parallelism = parsed.GetValue(parallel) ?? usual.Parallelism,
            Compression = parsed.GetValue(compression) is { } name ? new FileCompression { Compressor = ObjectCompression.Parse(name) } : null,
        };
    }
}
