using System.CommandLine;
using System.Reflection;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>version</c> of this program and of the function app.</summary>
internal static class VersionCommand
{
    public static Command Create(string name, CommandRunner runner, Func<ParseResult, IBackupClient> connect)
    {
        Command command = new(name, "Print the versions of backupctl and of the function app");
        Option<bool> clientOnly = new("--client-only") { Description = "Do not ask the function app" };
        command.Options.Add(clientOnly);
        runner.SetLocal(command, async (parsed, cancellationToken) =>
        {
            TextWriter output = runner.Context.Out;
            await output.WriteLineAsync($"Client:\n\tVersion: v{Own}");
            if (!parsed.GetValue(clientOnly))
            {
                await using IBackupClient client = connect(parsed);
                if (await client.ReadServerVersionAsync(cancellationToken) is { } server)
                {
                    await output.WriteLineAsync($"Server:\n\tVersion: v{server}");
                }
            }

            return ExitStatus.Ok;
        });
        return command;
    }

    private static string Own => typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
