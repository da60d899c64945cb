using System.CommandLine;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>schedule run</c>: the schedule's backup now, not when it is due.</summary>
internal static class ScheduleRunCommand
{
    public static Command Create(string name, CommandRunner runner)
    {
        Command command = new(name, "Start the schedule's backup now");
        Argument<string> schedule = new("NAME") { Description = "Name of the schedule" };
        RunStart<VeleroBackup> start = new(Nouns.Backup, runner);
        command.Arguments.Add(schedule);
        start.AddTo(command);
        runner.Set(command, (parsed, client, cancellationToken) =>
            start.RunAsync(parsed, client, () => client.Schedules.RunAsync(parsed.GetRequiredValue(schedule), cancellationToken), cancellationToken));
        return command;
    }
}
