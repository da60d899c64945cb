using System.CommandLine;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo status</c>.</summary>
internal static class RepoStatusCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Tell what the repository is like, how large it is and what is in it");
        Option<OutputFormat> output = OutputOption.Create();
        command.Options.Add(output);
        runner.Set(command, async (parsed, repository, cancellationToken) =>
        {
            RepositoryStatus status = await RepositoryStatus.ReadAsync(repository, cancellationToken);
            SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(cancellationToken);
            MaintenanceStatus maintenance = await new SnapshotMaintenance(repository).GetStatusAsync(cancellationToken);
            await runner.PrintAsync(
                parsed.GetValue(output), () => TextOf(repository, status, listing, maintenance), () => NodeOf(repository, status, listing, maintenance));
            return ExitStatus.Ok;
        });
        return command;
    }

    private static string TextOf(KopiaRepository repository, RepositoryStatus status, SnapshotListing listing, MaintenanceStatus maintenance)
    {
        int incomplete = listing.Snapshots.Count(snapshot => !snapshot.IsComplete);
        string problems = (incomplete > 0 ? $", {incomplete} of them incomplete" : "") + (listing.Unreadable.Count > 0 ? $", and {listing.Unreadable.Count} that cannot be read" : "");
        return RepositoryFacts.Of(repository.Format)
            .Add("Snapshots", $"{listing.Snapshots.Count} of {HumanText.Count(listing.Snapshots.Select(snapshot => snapshot.Source).Distinct().Count(), "source")}{problems}")
            .Add("Data packs", RepositoryFacts.TextOf(status.DataPacks))
            .Add("Metadata packs", RepositoryFacts.TextOf(status.MetadataPacks))
            .Add("Index", $"{RepositoryFacts.TextOf(status.IndexBlobs)}, {status.ActiveIndexBlobs} in use{(status.WriteEpoch is { } epoch ? $"; epoch {epoch}" : "")}")
            .Add("In all", RepositoryFacts.TextOf(status.All))
            .Add("Maintained by", RepositoryFacts.TextOf(maintenance))
            .ToString();
    }

    private static JsonObject NodeOf(KopiaRepository repository, RepositoryStatus status, SnapshotListing listing, MaintenanceStatus maintenance) => new()
    {
        ["format"] = RepositoryFacts.NodeOf(repository.Format),
        ["snapshots"] = listing.Snapshots.Count,
        ["incompleteSnapshots"] = listing.Snapshots.Count(snapshot => !snapshot.IsComplete),
        ["unreadableSnapshots"] = listing.Unreadable.Count,
        ["dataPacks"] = RepositoryFacts.NodeOf(status.DataPacks),
        ["metadataPacks"] = RepositoryFacts.NodeOf(status.MetadataPacks),
        ["indexBlobs"] = RepositoryFacts.NodeOf(status.IndexBlobs),
        ["activeIndexBlobs"] = status.ActiveIndexBlobs,
        ["epoch"] = status.WriteEpoch,
        ["all"] = RepositoryFacts.NodeOf(status.All),
        ["maintenance"] = RepositoryFacts.NodeOf(maintenance),
    };
}
