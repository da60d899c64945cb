using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo verify</c>.</summary>
internal static class RepoVerifyCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Look for damage: blobs against the index, snapshots' trees, and as much of the data as asked");
        Option<double> contents = new("--contents") { HelpName = "PERCENT", Description = "Share of the data that is read and hashed, 0 to 100 [default: 0]" };
        Option<bool> full = new("--full") { Description = "Read and check every byte" };
        Option<bool> noTrees = new("--no-trees") { Description = "Leave out the snapshots' trees" };
        Option<int?> parallel = RepoRunner.ParallelOption("Packs and directories read at a time");
        Option<OutputFormat> output = OutputOption.Create();
        foreach (Option option in (Option[])[contents, full, noTrees, parallel, output])
        {
            command.Options.Add(option);
        }

        runner.SetClosed(command, async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(full) && parsed.GetResult(contents) is { Implicit: false })
            {
                throw new BackupException(ErrorKind.InvalidInput, "--full reads all contents, so --contents has no effect.", "Give one of the two.");
            }

            VerificationOptions options = parsed.GetValue(full) ? VerificationOptions.Full : new VerificationOptions { ContentPercent = parsed.GetValue(contents) };
            options = options with { Trees = !parsed.GetValue(noTrees), Parallelism = parsed.GetValue(parallel) ?? options.Parallelism };
            await using KopiaRepository repository = await runner.Place.OpenDamagedAsync(parsed, cancellationToken);
            VerificationReport report;
            using (StatusLine line = new(runner.Context))
            {
                report = await new SnapshotVerifier(repository).VerifyAsync(options, line.For<VerificationProgress>(VerificationText.Progress), cancellationToken);
            }

            await runner.PrintAsync(parsed.GetValue(output), () => VerificationText.Of(report), () => VerificationText.NodeOf(report));
            return report.IsWhole ? ExitStatus.Ok : ExitStatus.Corrupt;
        });
        return command;
    }
}
