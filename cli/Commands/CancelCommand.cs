using System.CommandLine;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>cancel</c> of a running backup or restore.</summary>
internal static class CancelCommand
{
    public static Command Create<T>(string name, RunNoun<T> noun, CommandRunner runner)
    {
        Command command = new(name, $"Stop a running {noun.Singular}; it ends as Failed");
        Argument<string> run = new("NAME") { Description = $"Name of the {noun.Singular}" };
        command.Arguments.Add(run);
        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            string wanted = parsed.GetRequiredValue(run);
            await noun.Runs(client).CancelAsync(wanted, cancellationToken);
            await runner.Context.Out.WriteLineAsync($"Request to cancel {noun.Singular} \"{wanted}\" submitted successfully.");
            await client.WorkAsync(cancellationToken);
            return ExitStatus.Ok;
        });
        return command;
    }
}
