using System.CommandLine;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>store check</c>.</summary>
internal static class StoreCheckCommand
{
    public static Command Create(string name, CommandRunner runner)
    {
        Command command = new(name, "Try what the store must be able to do");
        runner.Set(command, async (_, client, cancellationToken) =>
        {
            StoreReport report = await client.CheckStoreAsync(cancellationToken);
            await runner.Context.Out.WriteLineAsync($"Store: {report.Store}");
            TextTable table = new("CHECK", "RESULT", "DETAIL");
            foreach (StoreCheck check in report.Checks)
            {
                table.Add(check.Name, check.Outcome ?? (check.Ok ? "passed" : "failed"), check.Detail ?? "");
            }

            await runner.Context.Out.WriteAsync(table.ToString());
            return report.Checks.All(check => check.Ok) ? ExitStatus.Ok : ExitStatus.Failed;
        });
        return command;
    }
}
