using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo maintain</c>.</summary>
internal static class RepoMaintainCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Free the space of deleted snapshots and keep the indexes small; without --full or --quick whatever is due");
        Option<bool> full = new("--full") { Description = "All of it, due or not" };
        Option<bool> quick = new("--quick") { Description = "Only the indexes, due or not" };
        Option<string> safety = new("--safety")
        {
            HelpName = "full|none",
            DefaultValueFactory = static _ => "full",
            Description = "none: nobody else uses the repository, so space comes back at once; a writer beside it loses data",
        };
        safety.AcceptOnlyFromAmong("full", "none");
        Option<string?> owner = new("--owner") { HelpName = "USER@HOST", Description = "Run as this one, and make it the repository's owner, who alone maintains it from then on" };
        Option<bool> force = new("--force") { Description = "Run although the owner is somebody else, who must not run at the same time" };
        Option<OutputFormat> output = OutputOption.Create();
        foreach (Option option in (Option[])[full, quick, safety, owner, force, output])
        {
            command.Options.Add(option);
        }

        runner.Set(command, async (parsed, repository, cancellationToken) =>
        {
            MaintenanceOptions options = new()
            {
                Mode = ModeOf(parsed.GetValue(full), parsed.GetValue(quick)),
                Safety = parsed.GetValue(safety) == "none" ? MaintenanceSafety.None : MaintenanceSafety.Full,
                Force = parsed.GetValue(force),
                Identity = parsed.GetValue(owner),
                TakeOwnership = parsed.GetValue(owner) is not null,
            };
            MaintenanceReport report = await new SnapshotMaintenance(repository).RunAsync(options, cancellationToken);
            await runner.PrintAsync(parsed.GetValue(output), () => MaintenanceText.Of(report), () => MaintenanceText.NodeOf(report));
            return ExitStatus.Ok;
        });
        return command;
    }

    private static MaintenanceMode ModeOf(bool isFull, bool isQuick) => (isFull, isQuick) switch
    {
        (true, true) => throw new BackupException(ErrorKind.InvalidInput, "--full does all that --quick does.", "Give one of the two."),
        (true, false) => MaintenanceMode.Full,
        (false, true) => MaintenanceMode.Quick,
        _ => MaintenanceMode.Auto,
    };
}
