using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>backup create</c>.</summary>
internal static class BackupCreateCommand
{
    public static Command Create(string name, CommandRunner runner)
    {
        Command command = new(name, "Create a backup");
        Argument<string?> backupName = new("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Name of the backup; with --from-schedule one is made" };
        Option<string?> fromSchedule = new("--from-schedule") { HelpName = "SCHEDULE", Description = "Take what the schedule says instead of the options here" };
        Option<OutputFormat> output = OutputOption.Create();
        BackupSpecOptions spec = new();
        MetadataOptions metadata = new();
        RunStart<VeleroBackup> start = new(Nouns.Backup, runner);
        command.Arguments.Add(backupName);
        command.Options.Add(fromSchedule);
        spec.AddTo(command);
        metadata.AddTo(command);
        start.AddTo(command);
        command.Options.Add(output);

        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            VeleroBackup backup;
            if (parsed.GetValue(fromSchedule) is { } schedule)
            {
                if (spec.FirstGiven(parsed, command) is { } foreign)
                {
                    throw new BackupException(ErrorKind.InvalidInput, $"{foreign.Name} cannot be given together with --from-schedule.", "The schedule's template says what is taken.");
                }

                string made = parsed.GetValue(backupName) ?? NameStamp.Of(schedule, runner.Context.Time);
                backup = ScheduleTemplate.BackupOf(await client.Schedules.GetAsync(schedule, cancellationToken), metadata.Read(parsed, made));
            }
            else
            {
                string given = parsed.GetValue(backupName) ?? throw new BackupException(ErrorKind.InvalidInput, "The backup has no name.", "Give one: backupctl backup create NAME.");
                backup = new VeleroBackup { Metadata = metadata.Read(parsed, given), Spec = spec.Read(parsed) };
            }

            BackupName.Parse(backup.Name);
            if (parsed.GetValue(output) is var format && format != OutputFormat.Table)
            {
                await runner.Context.Out.WriteAsync(OutputOption.Write(Nouns.Backup, backup, format));
                return ExitStatus.Ok;
            }

            return await start.RunAsync(parsed, client, () => client.Backups.CreateAsync(backup, cancellationToken), cancellationToken);
        });
        return command;
    }
}
