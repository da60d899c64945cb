using BackupFunctions.Cli.Client.Http;
using BackupFunctions.Cli.Commands;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Demo;

/// <summary>The story of the demo, from the sample cluster to the verdict.</summary>
internal sealed class DemoRun(CliContext context, DemoFolder folder, bool keep)
{
    private const string Schedule = "daily-stateful";
    private const string LostNamespace = "arr";
    private const string LostClaim = "grafana-data";
    private const string LostFile = "grafana.db";
    private const string OtherNamespace = "monitoring";
    private const string OtherSelector = "app.kubernetes.io/name=grafana";

    private readonly DemoScreen screen = new(context.Console.Value);

    /// <returns>The exit status.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        screen.Title("Backup.Functions demo: back up a cluster, lose some of it, get it back.");
        screen.Step("A sample cluster in a folder");
        SampleVolumesSummary sample = await SampleCluster.CreateAsync(SampleCluster.DefaultSource, folder.Cluster, SampleCluster.DefaultSeed, cancellationToken);
        ClusterState before = await ClusterState.ReadAsync(folder.Cluster, context.Time, cancellationToken);
        screen.Say($"{HumanText.Count(before.ObjectCount, "object")}, {HumanText.Count(sample.Volumes, "volume")} with {HumanText.Count(sample.Files, "file")} of {HumanText.Bytes(sample.Bytes)}, in {folder.Cluster}");

        screen.Step("The function app: two instances in this process, a folder as object store, a folder as queue");
        await using DemoApp app = await DemoApp.StartAsync(folder, cancellationToken);
        await using HttpBackupClient client = app.Connect(context);
        screen.Say($"serving on {app.Url}");
        List<VeleroSchedule> schedules = [];
        await foreach (VeleroSchedule schedule in client.Schedules.ListAsync(cancellationToken))
        {
            schedules.Add(schedule);
        }

        screen.Block(ScheduleTable.Of(schedules, context.Time.GetUtcNow()));

        screen.Step($"The schedule {Schedule} now, not at three in the morning");
        VeleroBackup backup = await client.Schedules.RunAsync(Schedule, cancellationToken);
        screen.Say($"backup {backup.Name}: one message for each namespace and each volume, taken by whoever is free");
        RunEnd backupEnd = await screen.WatchAsync(new RunWatch<VeleroBackup>(Nouns.Backup, client.Backups, context.Time, isClose: true).ReadAsync(backup.Name, cancellationToken), cancellationToken);
        bool isGood = TellEnd("The backup", backupEnd, "in Velero's layout and Kopia's format");

        screen.Step($"backupctl backup describe {backup.Name} --details");
        screen.Block(await client.Backups.DescribeAsync(backup.Name, details: true, cancellationToken));

        await LoseAsync(cancellationToken);
        isGood &= await RestoreAsync(client, backup.Name, cancellationToken);

        screen.Step("Compare with how it was, byte by byte");
        isGood &= await VerdictAsync(before, cancellationToken);
        if (keep)
        {
            await ServeAsync(app, cancellationToken);
        }

        return isGood ? ExitStatus.Ok : ExitStatus.Failed;
    }

    private async Task LoseAsync(CancellationToken cancellationToken)
    {
        screen.Step("A bad day");
        Disaster disaster = new(folder.Cluster, context.Time);
        await disaster.DeleteNamespaceAsync(LostNamespace, cancellationToken);
        screen.Say($"namespace {LostNamespace} is deleted: its workloads, secrets and claims, and with them the media library");
        string volume = await ClusterState.FolderOfClaimAsync(folder.Cluster, $"{OtherNamespace}/{LostClaim}", context.Time, cancellationToken);
        File.Delete(Path.Combine(volume, LostFile));
        screen.Say($"the file {LostFile} is deleted from the volume {OtherNamespace}/{LostClaim}");
        await disaster.DeleteAsync("deployments.apps", OtherNamespace, "grafana", cancellationToken);
        await disaster.DeleteAsync("persistentvolumeclaims", OtherNamespace, LostClaim, cancellationToken);
        screen.Say("a restore never writes into a claim that exists, so Grafana's deployment and claim make way, too");
    }

    private async Task<bool> RestoreAsync(HttpBackupClient client, string backup, CancellationToken cancellationToken)
    {
        screen.Step($"backupctl restore create --from-backup {backup} --include-namespaces {LostNamespace}");
        bool isGood = await RestoreAsync(client, "namespace-back", new RestoreSpec { BackupName = backup, IncludedNamespaces = [LostNamespace] }, cancellationToken);
        screen.Step($"backupctl restore create --from-backup {backup} --include-namespaces {OtherNamespace} -l {OtherSelector}");
        RestoreSpec grafana = new() { BackupName = backup, IncludedNamespaces = [OtherNamespace], LabelSelector = OptionValues.Selector(OtherSelector) };
        return await RestoreAsync(client, "file-back", grafana, cancellationToken) && isGood;
    }

    private async Task<bool> RestoreAsync(HttpBackupClient client, string name, RestoreSpec spec, CancellationToken cancellationToken)
    {
        VeleroRestore restore = await client.Restores.CreateAsync(new VeleroRestore { Metadata = new ObjectMetadata { Name = name }, Spec = spec }, cancellationToken);
        RunWatch<VeleroRestore> watch = new(Nouns.Restore, client.Restores, context.Time, isClose: true);
        return TellEnd("The restore", await screen.WatchAsync(watch.ReadAsync(restore.Name, cancellationToken), cancellationToken), "data first, then the workloads");
    }

    private bool TellEnd(string what, RunEnd end, string how)
    {
        string counts = $"{HumanText.Count(end.Errors, "error")}, {HumanText.Count(end.Warnings, "warning")}";
        if (end.IsGood)
        {
            screen.Good($"{what} is {end.Phase} ({counts}), {how}");
        }
        else
        {
            screen.Bad($"{what} ended as {end.Phase} ({counts}){(end.FailureReason is null ? "" : ": " + end.FailureReason)}");
        }

        return end.IsGood;
    }

    private async Task<bool> VerdictAsync(ClusterState before, CancellationToken cancellationToken)
    {
        ClusterState after = await ClusterState.ReadAsync(folder.Cluster, context.Time, cancellationToken);
        IReadOnlyList<string> differences = before.DifferencesTo(after);
        if (differences.Count == 0)
        {
            screen.Good($"all {before.ObjectCount} objects are as they were (but for {ObjectForm.LeftOut})");
            screen.Good($"all {before.FileCount} files and folders in {before.VolumeCount} volumes are identical: bytes, modes, owners, times, links, extended attributes");
            screen.Good(FormattableString.Invariant($"nothing is lost; the demo took {screen.Elapsed.TotalSeconds:0} seconds"));
            return true;
        }

        const int Shown = 20;
        foreach (string difference in differences.Take(Shown))
        {
            screen.Bad(difference);
        }

        folder.Keep();
        screen.Bad($"{HumanText.Count(differences.Count, "difference")}; everything is still in {folder.Root}, the app's log in {folder.Log}");
        return false;
    }

    private async Task ServeAsync(DemoApp app, CancellationToken cancellationToken)
    {
        screen.Step("The app goes on serving until Ctrl-C");
        screen.Say($"dotnet run --project cli -- backup get --server {app.Url} --key-file {app.KeyFile}");
        screen.Say($"sed 's/^[^=]*=/x-functions-key: /' {app.KeyFile} | curl -H @- {app.Url}api/backups");
        screen.Say($"cluster, store, queues and log are in {folder.Root}");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            screen.Say("stopping");
        }
    }
}
