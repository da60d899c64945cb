using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>logs</c> of a backup or restore.</summary>
internal static class LogsCommand
{
    public static Command Create<T>(string name, RunNoun<T> noun, CommandRunner runner)
    {
        Command command = new(name, $"Print the log of a {noun.Singular}");
        Argument<string> run = new("NAME") { Description = $"Name of the {noun.Singular}" };
        command.Arguments.Add(run);
        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            string wanted = parsed.GetRequiredValue(run);
            if (!noun.End(await noun.Client(client).GetAsync(wanted, cancellationToken)).IsFinished)
            {
                throw new BackupException(
                    ErrorKind.Conflict,
                    $"logs for {noun.Singular} \"{wanted}\" are not available until it's finished processing, please wait until the {noun.Singular} has a phase of Completed or Failed and try again",
                    $"Look at it with 'backupctl {noun.Singular} get {wanted}'.");
            }

            await using Stream log = await noun.Runs(client).OpenLogAsync(wanted, cancellationToken);
            using StreamReader reader = new(log);
            char[] part = new char[16 * 1024];
            for (int read; (read = await reader.ReadAsync(part, cancellationToken)) > 0;)
            {
                await runner.Context.Out.WriteAsync(part.AsMemory(0, read), cancellationToken);
            }

            return ExitStatus.Ok;
        });
        return command;
    }
}
