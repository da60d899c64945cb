using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo snapshot delete</c>: asks first, and deletes all or none.</summary>
internal static class SnapshotDeleteCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Delete snapshots; their space comes back with maintenance");
        Argument<string[]> ids = new("ID") { Arity = ArgumentArity.OneOrMore, Description = "Ids of snapshots, or their first digits" };
        Option<bool> confirm = new("--confirm") { Description = "Do not ask" };
        command.Arguments.Add(ids);
        command.Options.Add(confirm);
        runner.Set(command, async (parsed, repository, cancellationToken) =>
        {
            IReadOnlyList<TreeSnapshot> all = (await new SnapshotCatalog(repository).ListAsync(cancellationToken)).Snapshots;
            List<TreeSnapshot> chosen = [.. parsed.GetRequiredValue(ids).Select(id => SnapshotReference.FindById(all, id)).DistinctBy(snapshot => snapshot.Id)];
            string[] names = [.. chosen.Select(snapshot => $"{snapshot.Id} of {snapshot.Source} ({HumanText.Time(snapshot.StartTime.ToDateTimeOffset())})")];
            if (!parsed.GetValue(confirm) && !await Confirmation.AskAsync(runner.Context, names, "snapshots", cancellationToken))
            {
                return ExitStatus.Ok;
            }

            await using WriteSession session = await repository.StartWriteSessionAsync(cancellationToken);
            foreach (TreeSnapshot snapshot in chosen)
            {
                SnapshotCatalog.Delete(session, snapshot.Id);
            }

            await session.FlushAsync(cancellationToken);
            foreach (string deleted in names)
            {
                await runner.Context.Out.WriteLineAsync($"Deleted snapshot {deleted}.");
            }

            return ExitStatus.Ok;
        });
        return command;
    }
}
