using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo snapshot create</c>.</summary>
internal static class SnapshotCreateCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Take a snapshot of a folder");
        Argument<string> path = new("PATH") { Description = "The folder" };
        SnapshotChoices choices = new(runner.Context);
        Option<OutputFormat> output = OutputOption.Create();
        command.Arguments.Add(path);
        choices.AddTo(command);
        command.Options.Add(output);
        runner.Set(command, parsed => RequireFolder(runner.Place.Absolute(parsed.GetRequiredValue(path))), async (parsed, repository, cancellationToken) =>
        {
            CliContext context = runner.Context;
            string folder = Path.TrimEndingDirectorySeparator(runner.Place.Absolute(parsed.GetRequiredValue(path))); // "tree/" is the same source as "tree"
            long start = context.Time.GetTimestamp();
            TreeBackup backup = new(repository, choices.ReadUpload(parsed), context.Time);
            TreeBackupResult result;
            using (StatusLine line = new(context))
            {
                result = await backup.RunAsync(choices.Describe(parsed, folder), folder, line.For<UploadProgress>(UploadReport.Progress), cancellationToken);
            }

            ProblemReport.Write(context.Error, "error", result.Upload.Failures, result.Upload.FailureCount);
            ProblemReport.Write(context.Error, "warning", result.Upload.Warnings, result.Upload.Warnings.Count);
            TimeSpan elapsed = context.Time.GetElapsedTime(start);
            await runner.PrintAsync(parsed.GetValue(output), () => UploadReport.Summary(result, elapsed), () => UploadReport.NodeOf(result, elapsed));
            return result.Upload.FailureCount == 0 ? ExitStatus.Ok : ExitStatus.Failed;
        });
        return command;
    }

    private static void RequireFolder(string path)
    {
        if (File.Exists(path))
        {
            throw new BackupException(ErrorKind.InvalidInput, $"{path} is not a folder.", "Name the folder that holds it.");
        }

        if (!Directory.Exists(path))
        {
            throw new BackupException(ErrorKind.NotFound, $"The folder {path} does not exist.", "Check the path.");
        }
    }
}
