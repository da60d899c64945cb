using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo restore</c>.</summary>
internal static class RepoRestoreCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Restore a snapshot, or a folder or file of it");
        Argument<string> what = SnapshotReference.Argument("SNAPSHOT[/PATH]", "A snapshot's id, its first digits, or 'latest'; and a path in it");
        Argument<string> target = new("TARGET") { Description = "Folder, or file, that it becomes; made if it does not exist" };
        Option<SnapshotSource?> source = SnapshotReference.SourceOption("Whose latest snapshot");
        RestoreChoices choices = new();
        Option<OutputFormat> output = OutputOption.Create();
        command.Arguments.Add(what);
        command.Arguments.Add(target);
        command.Options.Add(source);
        choices.AddTo(command);
        command.Options.Add(output);
        runner.Set(command, parsed => choices.Check(parsed, runner.Place.Absolute(parsed.GetRequiredValue(target))), async (parsed, repository, cancellationToken) =>
        {
            CliContext context = runner.Context;
            long start = context.Time.GetTimestamp();
            string place = runner.Place.Absolute(parsed.GetRequiredValue(target));
            (TreeSnapshot snapshot, string path) = await SnapshotReference.FindAsync(repository, parsed.GetRequiredValue(what), parsed.GetValue(source), cancellationToken);
            DirectoryEntry found = await new TreeBrowser(repository).FindAsync(snapshot.Root, path, cancellationToken);
            TreeRestoreResult result;
            using (StatusLine line = new(context))
            {
                result = await new TreeRestorer(repository, choices.Read(parsed), context.Time).RestoreAsync(
                    found, place, line.For<RestoreProgress>(progress => RestoreReport.Progress(progress, found)), cancellationToken);
            }

            ProblemReport.Write(context.Error, "warning", result.Warnings, result.WarningCount);
            ProblemReport.Write(context.Error, "error", result.Problems, result.Statistics.ProblemCount);
            RestoreReport report = new(result, snapshot, place, context.Time.GetElapsedTime(start));
            await runner.PrintAsync(parsed.GetValue(output), report.ToString, report.ToNode);
            return result.Statistics.ProblemCount == 0 ? ExitStatus.Ok : ExitStatus.Failed;
        });
        return command;
    }
}
