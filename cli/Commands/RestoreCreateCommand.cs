using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>restore create</c>.</summary>
internal static class RestoreCreateCommand
{
    public static Command Create(string name, CommandRunner runner)
    {
        Command command = new(name, "Restore a backup");
        Argument<string?> restoreName = new("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Name of the restore [default: the backup's and the time]" };
        Option<string?> fromBackup = new("--from-backup") { HelpName = "BACKUP", Description = "The backup to restore" };
        Option<string?> fromSchedule = new("--from-schedule") { HelpName = "SCHEDULE", Description = "Restore the schedule's newest completed backup" };
        Option<bool> allowPartial = new("--allow-partially-failed") { Description = "With --from-schedule: a backup that is PartiallyFailed will do" };
        Option<OutputFormat> output = OutputOption.Create();
        RestoreSpecOptions spec = new();
        MetadataOptions metadata = new();
        RunStart<VeleroRestore> start = new(Nouns.Restore, runner);
        command.Arguments.Add(restoreName);
        command.Options.Add(fromBackup);
        command.Options.Add(fromSchedule);
        command.Options.Add(allowPartial);
        spec.AddTo(command);
        metadata.AddTo(command);
        start.AddTo(command);
        command.Options.Add(output);

        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            string? schedule = parsed.GetValue(fromSchedule);
            if (schedule is null == parsed.GetValue(fromBackup) is null || (schedule is null && parsed.GetValue(allowPartial)))
            {
                throw new BackupException(
                    ErrorKind.InvalidInput, "Exactly one of --from-backup and --from-schedule is needed; --allow-partially-failed goes with the latter.", "Write for example: backupctl restore create --from-backup NAME.");
            }

            string made = parsed.GetValue(restoreName) ?? NameStamp.Of(schedule ?? parsed.GetRequiredValue(fromBackup)!, runner.Context.Time); // one of the two is given
            RestoreName.Parse(made);
            RestoreSpec wanted = spec.Read(parsed);
            string backup = parsed.GetValue(fromBackup) ?? await NewestBackup.OfAsync(client.Backups, schedule!, parsed.GetValue(allowPartial), cancellationToken); // one of the two is given
            VeleroRestore restore = new() { Metadata = metadata.Read(parsed, made), Spec = wanted with { BackupName = backup } };
            if (parsed.GetValue(output) is var format && format != OutputFormat.Table)
            {
                await runner.Context.Out.WriteAsync(OutputOption.Write(Nouns.Restore, restore, format));
                return ExitStatus.Ok;
            }

            return await start.RunAsync(parsed, client, () => client.Restores.CreateAsync(restore, cancellationToken), cancellationToken);
        });
        return command;
    }
}
