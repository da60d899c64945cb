using System.CommandLine;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo</c>: a repository in Kopia's format, without any cluster or function app.</summary>
internal static class RepoCommands
{
    public const string Name = "repo";

    public static Command Create(string name, CommandRunner runner, ConnectionOptions connection)
    {
        RepoPlace place = new(runner.Context, connection);
        RepoRunner repo = new(runner, place);
        return new Command(name, "A repository in Kopia's format: needs a store and a password, no cluster and no function app")
        {
            place.Prefix,
            RepoCreateCommand.Create("create", repo),
            RepoStatusCommand.Create("status", repo),
            RepoStatsCommand.Create("stats", repo),
            RepoSnapshotCommands.Create("snapshot", repo),
            RepoLsCommand.Create("ls", repo),
            RepoCatCommand.Create("cat", repo),
            RepoRestoreCommand.Create("restore", repo),
            RepoVerifyCommand.Create("verify", repo),
            RepoMaintainCommand.Create("maintain", repo),
            RepoRepairCommand.Create("repair", repo),
        };
    }
}
