using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo cat</c>: a file's bytes to standard output, as they are read.</summary>
internal static class RepoCatCommand
{
    private const int CopyBytes = 1 << 20;

    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Write a file of a snapshot to standard output");
        Argument<string> what = SnapshotReference.Argument("SNAPSHOT/PATH", "A snapshot's id, its first digits, or 'latest'; and the file's path in it");
        Option<SnapshotSource?> source = SnapshotReference.SourceOption("Whose latest snapshot");
        command.Arguments.Add(what);
        command.Options.Add(source);
        runner.Set(command, async (parsed, repository, cancellationToken) =>
        {
            (TreeSnapshot snapshot, string path) = await SnapshotReference.FindAsync(repository, parsed.GetRequiredValue(what), parsed.GetValue(source), cancellationToken);
            TreeBrowser browser = new(repository);
            DirectoryEntry file = await browser.FindAsync(snapshot.Root, path, cancellationToken);
            await using Stream content = await browser.OpenFileAsync(file, cancellationToken);
            await using Stream output = runner.Context.OpenOut();
            await content.CopyToAsync(output, CopyBytes, cancellationToken);
            return ExitStatus.Ok;
        });
        return command;
    }
}
