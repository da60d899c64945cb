using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>schedule pause</c> and <c>schedule unpause</c>.</summary>
internal static class SchedulePauseCommand
{
    public static Command Create(string name, bool paused, CommandRunner runner)
    {
        Command command = new(name, paused ? "Start no backups from schedules for now" : "Start backups from schedules again");
        ObjectSelection<VeleroSchedule> selection = new(Nouns.Schedule);
        selection.AddTo(command, withAll: true);
        Option<bool> skip = new("--skip-immediately") { Description = "Wait for the next due time, also when one passed during the pause" };
        if (!paused)
        {
            command.Options.Add(skip);
        }

        string done = paused ? "paused" : "unpaused";
        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            foreach (VeleroSchedule schedule in await selection.ReadSaidAsync(parsed, client.Schedules, cancellationToken))
            {
                if (schedule.Spec.Paused == paused)
                {
                    await runner.Context.Out.WriteLineAsync($"Schedule {schedule.Name} already {done}, skip");
                    continue;
                }

                await (paused
                    ? client.Schedules.PauseAsync(schedule.Name, cancellationToken)
                    : client.Schedules.UnpauseAsync(schedule.Name, parsed.GetValue(skip), cancellationToken));
                await runner.Context.Out.WriteLineAsync($"Schedule {schedule.Name} {done} successfully");
            }

            return ExitStatus.Ok;
        });
        return command;
    }
}
