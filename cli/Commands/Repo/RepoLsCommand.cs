using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo ls</c>: lines are written as they are read, in memory that does not depend on how many there are.</summary>
internal static class RepoLsCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "List what is in a snapshot");
        Argument<string> what = SnapshotReference.Argument("SNAPSHOT[/PATH]", "A snapshot's id, its first digits, or 'latest'; and a path in it");
        Option<SnapshotSource?> source = SnapshotReference.SourceOption("Whose latest snapshot");
        Option<bool> isLong = new("-l", "--long") { Description = "With mode, owner, size and time" };
        Option<bool> isRecursive = new("-r", "--recursive") { Description = "What is below, too" };
        Option<OutputFormat> output = OutputOption.Create();
        output.Description = "How entries are printed, with json one on each line [default: table]";
        command.Arguments.Add(what);
        foreach (Option option in (Option[])[source, isLong, isRecursive, output])
        {
            command.Options.Add(option);
        }

        runner.Set(command, async (parsed, repository, cancellationToken) =>
        {
            (TreeSnapshot snapshot, string path) = await SnapshotReference.FindAsync(repository, parsed.GetRequiredValue(what), parsed.GetValue(source), cancellationToken);
            TreeBrowser browser = new(repository);
            DirectoryEntry found = await browser.FindAsync(snapshot.Root, path, cancellationToken);
            EntryLines lines = new(runner.Context.Out, parsed.GetValue(output), parsed.GetValue(isLong));
            await (found.Kind == EntryKind.Directory
                ? ListAsync(browser, found, "", parsed.GetValue(isRecursive), lines, cancellationToken)
                : lines.WriteAsync(found, found.Name));
            await runner.Context.Out.FlushAsync(cancellationToken);
            return ExitStatus.Ok;
        });
        return command;
    }

    private static async Task ListAsync(TreeBrowser browser, DirectoryEntry directory, string above, bool isRecursive, EntryLines lines, CancellationToken cancellationToken)
    {
        List<SpecialEntry> specials = [];
        await foreach (DirectoryEntry entry in browser.ListAsync(directory, specials, cancellationToken))
        {
            await lines.WriteAsync(entry, above + entry.Name);
            if (isRecursive && entry.Kind == EntryKind.Directory)
            {
                await ListAsync(browser, entry, above + entry.Name + "/", isRecursive, lines, cancellationToken);
            }
        }

        foreach (SpecialEntry special in specials)
        {
            await lines.WriteAsync(special, above + special.Name);
        }
    }
}
