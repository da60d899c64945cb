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
    public void Set(Command command, Func<ParseResult, KopiaRepository, CancellationToken, Task<int>> run) =>
        SetClosed(command, async (parsed, cancellationToken) =>
        {
            await using KopiaRepository repository = await place.OpenAsync(parsed, cancellationToken);
            return await run(parsed, repository, cancellationToken);
        });

    /// <summary>Gives the command what it does without an open repository.</summary>
    public void SetClosed(Command command, Func<ParseResult, CancellationToken, Task<int>> run) => runner.SetLocal(command, run);
}
