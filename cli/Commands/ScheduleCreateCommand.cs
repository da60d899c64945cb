using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Schedules;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>schedule create</c>.</summary>
internal static class ScheduleCreateCommand
{
    public static Command Create(string name, CommandRunner runner)
    {
        Command command = new(name, "Create a schedule of backups");
        Argument<string> scheduleName = new("NAME") { Description = "Name of the schedule" };
        Option<string> cron = new("--schedule") { HelpName = "CRON", Required = true, Description = "When: five fields as \"0 3 * * *\", @daily, @every 6h, with CRON_TZ=Zone before it if not in UTC" };
        Option<bool> paused = new("--paused") { Description = "Do not start backups until it is unpaused" };
        Option<bool> skip = new("--skip-immediately") { Description = "Wait for the first due time, also when one passed just now" };
        Option<OutputFormat> output = OutputOption.Create();
        BackupSpecOptions spec = new();
        MetadataOptions metadata = new();
        command.Arguments.Add(scheduleName);
        command.Options.Add(cron);
        command.Options.Add(paused);
        command.Options.Add(skip);
        spec.AddTo(command);
        metadata.AddTo(command);
        command.Options.Add(output);

        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            string expression = parsed.GetRequiredValue(cron);
            CronSchedule.Parse(expression);
            VeleroSchedule schedule = new()
            {
                Metadata = metadata.Read(parsed, parsed.GetRequiredValue(scheduleName)),
                Spec = new ScheduleSpec { Schedule = expression, Paused = parsed.GetValue(paused), SkipImmediately = parsed.GetValue(skip) ? true : null, Template = spec.Read(parsed) },
            };
            if (parsed.GetValue(output) is var format && format != OutputFormat.Table)
            {
                await runner.Context.Out.WriteAsync(OutputOption.Write(Nouns.Schedule, schedule, format));
                return ExitStatus.Ok;
            }

            VeleroSchedule created = await client.Schedules.CreateAsync(schedule, cancellationToken);
            await runner.Context.Out.WriteLineAsync($"Schedule \"{created.Name}\" created successfully.");
            return ExitStatus.Ok;
        });
        return command;
    }
}
