using System.CommandLine;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.Output;
using KopiaRepository = BackupFunctions.Engine.Repository.KopiaRepository;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary>Gives the commands of <c>repo</c> what they do; failures become messages and exit statuses as for all commands.</summary>
internal sealed class RepoRunner(CommandRunner runner, RepoPlace place)
{
    public CliContext Context => runner.Context;

    public RepoPlace Place => place;

    /// <summary>Prints a result: as text for people, or as JSON or YAML for programs.</summary>
    public Task PrintAsync(OutputFormat format, Func<string> text, Func<JsonNode> node) =>
        Context.Out.WriteAsync(format == OutputFormat.Table ? text() : ObjectWriter.Write(node(), format));

    /// <summary>Gives the command what it does with the open repository.</summary>
    public void Set(Command command, Func<ParseResult, KopiaRepository, CancellationToken, Task<int>> run) => Set(command, static _ => { }, run);

    /// <summary>The same, with a check of what was said before anything is opened.</summary>
    public void Set(Command command, Action<ParseResult> check, Func<ParseResult, KopiaRepository, CancellationToken, Task<int>> run) =>
        SetClosed(command, async (parsed, cancellationToken) =>
        {
            check(parsed);
            await using KopiaRepository repository = await place.OpenAsync(parsed, place.Options, cancellationToken);
            return await run(parsed, repository, cancellationToken);
        });

    /// <summary>Gives the command what it does without an open repository.</summary>
    public void SetClosed(Command command, Func<ParseResult, CancellationToken, Task<int>> run) => runner.SetLocal(command, run);

    /// <summary>How much is done at a time.</summary>
    public static Option<int?> ParallelOption(string description)
    {
        const int Most = 256;
        Option<int?> option = new("--parallel") { HelpName = "N", Description = $"{description}, 1 to {Most}" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > Most)
            {
                result.AddError($"--parallel is a number from 1 to {Most}.");
            }
        });
        return option;
    }
}
