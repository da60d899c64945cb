using System.CommandLine;
using System.CommandLine.Parsing;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Commands;
using BackupFunctions.Cli.Commands.Repo;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli;

/// <summary>The command line from its words to its exit status.</summary>
internal static class CommandLineApp
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken)
    {
        ConnectionOptions connection = new();
        Connector connector = new(context, connection);
        CommandRunner runner = new(context, connection, connector.Connect);
        RootCommand root = args is [RepoCommands.Name, ..]
            ? CommandTree.BuildRepo(runner, connection)
            : new CommandTree(runner, connection, connector.Connect).Build();
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @daily is a schedule
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            TellUsage(context, parsed);
            return ExitStatus.Usage;
        }

        InvocationConfiguration invocation = new() { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    private static void TellUsage(CliContext context, ParseResult parsed)
    {
        string path = string.Join(' ', PathTo(parsed.CommandResult));
        foreach (ParseError problem in parsed.Errors.Take(1))
        {
            ErrorReport.Write(context.Error, new BackupException(ErrorKind.InvalidInput, problem.Message.ReplaceLineEndings(""), $"'{path} --help' tells what can be said."));
        }
    }

    private static IEnumerable<string> PathTo(CommandResult command) =>
        command.Parent is CommandResult parent ? PathTo(parent).Append(command.Command.Name) : ["backupctl"];
}
