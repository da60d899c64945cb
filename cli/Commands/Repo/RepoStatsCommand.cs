using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo stats</c>.</summary>
internal static class RepoStatsCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Count contents and bytes by kind: what deduplication and compression save");
        Option<OutputFormat> output = OutputOption.Create();
        command.Options.Add(output);
        runner.Set(command, async (parsed, repository, cancellationToken) =>
        {
            RepositoryStatistics contents = RepositoryStatistics.Read(repository, cancellationToken);
            RepositoryStatus blobs = await RepositoryStatus.ReadAsync(repository, cancellationToken);
            SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(cancellationToken);
            StatisticsReport report = new(contents, blobs, listing.Snapshots);
            await runner.PrintAsync(parsed.GetValue(output), report.ToString, report.ToNode);
            return ExitStatus.Ok;
        });
        return command;
    }
}
