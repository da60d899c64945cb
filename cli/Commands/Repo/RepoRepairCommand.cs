using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo repair</c>.</summary>
internal static class RepoRepairCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Rebuild a lost or damaged index from the packs, and in version-1 repositories a lost format blob");
        Option<bool> dryRun = new("--dry-run") { Description = "Change nothing, tell what would be done" };
        Option<bool> running = new("--include-running") { Description = "Also take packs of sessions that may still be running" };
        Option<bool> delete = new("--delete-damaged") { Description = $"Delete damaged index blobs instead of keeping them as {RepositoryRepairer.SetAsidePrefix}NAME" };
        Option<bool> forget = new("--forget-damaged-manifests") { Description = "Give up snapshots whose manifests cannot be read, so that maintenance can go on" };
        Option<OutputFormat> output = OutputOption.Create();
        foreach (Option option in (Option[])[dryRun, running, delete, forget, output])
        {
            command.Options.Add(option);
        }

        runner.SetClosed(command, async (parsed, cancellationToken) =>
        {
            RepairOptions options = new()
            {
                DryRun = parsed.GetValue(dryRun),
                IncludeRunningSessions = parsed.GetValue(running),
                DeleteDamaged = parsed.GetValue(delete),
                ForgetDamagedManifests = parsed.GetValue(forget),
            };
            RepairReport report;
            using (StatusLine line = new(runner.Context))
            {
                report = await runner.Place.RepairAsync(parsed, options, line.For<VerificationProgress>(VerificationText.Progress), cancellationToken);
            }

            await runner.PrintAsync(parsed.GetValue(output), () => RepairText.Of(report), () => RepairText.NodeOf(report));
            return report.PacksUnreadable > 0 || (report.DamagedManifests.Count > 0 && !report.AreManifestsForgotten) ? ExitStatus.Corrupt : ExitStatus.Ok;
        });
        return command;
    }
}
