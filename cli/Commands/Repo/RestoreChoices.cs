using System.CommandLine;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary>The options that say what becomes of what is in the target already, and how it is written.</summary>
internal sealed class RestoreChoices
{
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace files that are in the target already" };
    private readonly Option<bool> skipExisting = new("--skip-existing") { Description = "Leave files alone that are in the target already" };
    private readonly Option<bool> deleteExtra = new("--delete-extra") { Description = "With --overwrite: delete what is in the target and not in the snapshot" };
    private readonly Option<bool> sparse = new("--sparse") { Description = "Make holes of all blocks of zeros, not only of those that were holes" };
    private readonly Option<bool> sync = new("--sync") { Description = "Wait until all is on the disk" };
    private readonly Option<int?> parallel = RepoRunner.ParallelOption("Files and chunks restored at a time");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[overwrite, skipExisting, deleteExtra, sparse, sync, parallel])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses a target with something in it unless it was said what is to become of that.</summary>
    /// <exception cref="BackupException">InvalidInput or AlreadyExists.</exception>
    public void Check(ParseResult parsed, string target)
    {
        (bool replaces, bool skips) = (parsed.GetValue(overwrite), parsed.GetValue(skipExisting));
        if (replaces && skips)
        {
            throw new BackupException(ErrorKind.InvalidInput, "--overwrite and --skip-existing contradict each other.", "Leave out one of them.");
        }

        if (parsed.GetValue(deleteExtra) && !replaces)
        {
            throw new BackupException(ErrorKind.InvalidInput, "--delete-extra has an effect with --overwrite only.", "Add --overwrite, or leave it out.");
        }

        bool isTaken = File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any());
        if (isTaken && !replaces && !skips)
        {
            throw new BackupException(
                ErrorKind.AlreadyExists, $"There is something in {target} already.", "Name another target, or say --overwrite (its files are replaced) or --skip-existing (they are left alone).");
        }
    }

    public TreeRestoreOptions Read(ParseResult parsed)
    {
        TreeRestoreOptions options = new()
        {
            Overwrite = !parsed.GetValue(skipExisting),
            DeleteExtra = parsed.GetValue(deleteExtra),
            ZerosAsHoles = parsed.GetValue(sparse),
            Sync = parsed.GetValue(sync),
        };
        return parsed.GetValue(parallel) is { } chosen ? options with { Parallelism = chosen } : options;
    }
}
