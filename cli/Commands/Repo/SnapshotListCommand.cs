using System.CommandLine;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo snapshot list</c>.</summary>
internal static class SnapshotListCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "List snapshots, oldest first");
        Option<bool> all = new("--all") { Description = "Incomplete ones, too" };
        Option<SnapshotSource?> source = SnapshotReference.SourceOption("Only those of this source");
        Option<OutputFormat> output = OutputOption.Create();
        command.Options.Add(all);
        command.Options.Add(source);
        command.Options.Add(output);
        runner.Set(command, async (parsed, repository, cancellationToken) =>
        {
            SnapshotCatalog catalog = new(repository);
            SnapshotListing listing = parsed.GetValue(source) is { } wanted ? await catalog.ListAsync(wanted, cancellationToken) : await catalog.ListAsync(cancellationToken);
            bool withIncomplete = parsed.GetValue(all);
            List<TreeSnapshot> shown = [.. listing.Snapshots.Where(snapshot => withIncomplete || snapshot.IsComplete)];
            await runner.PrintAsync(
                parsed.GetValue(output),
                () => shown.Count > 0 ? SnapshotTable.Of(shown) : "No snapshots found\n",
                () => new JsonArray([.. shown.Select(SnapshotTable.NodeOf)]));
            foreach (PathProblem unreadable in listing.Unreadable)
            {
                await runner.Context.Error.WriteLineAsync($"error: snapshot {unreadable.Path} cannot be read: {unreadable.Message}");
            }

            return listing.Unreadable.Count == 0 ? ExitStatus.Ok : ExitStatus.Corrupt;
        });
        return command;
    }
}
