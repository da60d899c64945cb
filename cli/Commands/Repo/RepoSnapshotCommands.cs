using System.CommandLine;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo snapshot</c>.</summary>
internal static class RepoSnapshotCommands
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command group = new(name, "Snapshots of folders")
        {
            SnapshotCreateCommand.Create("create", runner),
            SnapshotListCommand.Create("list", runner),
            SnapshotDeleteCommand.Create("delete", runner),
        };
        group.Aliases.Add("snapshots");
        return group;
    }
}
