using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary><c>repo create</c>.</summary>
internal static class RepoCreateCommand
{
    public static Command Create(string name, RepoRunner runner)
    {
        Command command = new(name, "Create a repository in an empty place");
        NewRepositoryChoices choices = new();
        Option<bool> velero = new("--velero") { Description = "For a namespace of Velero (prefix kopia/NAMESPACE/): Velero maintains it, and finds it set up" };
        Option<OutputFormat> output = OutputOption.Create();
        choices.AddTo(command);
        command.Options.Add(velero);
        command.Options.Add(output);
        runner.SetClosed(command, async (parsed, cancellationToken) =>
        {
            NewRepositoryOptions create = choices.Read(parsed);
            if (create.Validate() is { Count: > 0 } problems)
            {
                throw new BackupException(ErrorKind.InvalidInput, $"The repository cannot be created so: {string.Join("; ", problems)}.", "'backupctl repo create --help' lists what can be chosen.");
            }

            IBlobStore store = runner.Place.OpenStore(parsed);
            await using KopiaRepository repository = await TreeRepository.CreateAsync(
                store, runner.Place.ReadPassword(parsed), create, parsed.GetValue(velero), runner.Place.Options, runner.Context.Time, cancellationToken);
            await runner.PrintAsync(
                parsed.GetValue(output),
                () => $"Created a repository in {store.DisplayName}.\n{RepositoryFacts.Of(repository.Format)}Keep the password: without it the data is lost.\n",
                () => RepositoryFacts.NodeOf(repository.Format));
            return ExitStatus.Ok;
        });
        return command;
    }
}
