using System.CommandLine;
using BackupFunctions.Cli.Commands;

namespace BackupFunctions.Cli.Demo;

/// <summary><c>demo</c>: a backup and a restore to look at, on a sample cluster in a folder.</summary>
internal static class DemoCommand
{
    public static Command Create(string name, CommandRunner runner)
    {
        Command command = new(name, "Back up a sample cluster, lose some of it, restore it and compare; needs nothing but this program");
        Option<string?> folder = new("--folder") { HelpName = "DIR", Description = "Where to put cluster, store and queues; empty or not there yet [default: a temporary folder]" };
        Option<bool> keep = new("--keep") { Description = "Leave the function app serving until Ctrl-C, and the folder where it is" };
        command.Options.Add(folder);
        command.Options.Add(keep);
        runner.SetLocal(command, async (parsed, cancellationToken) =>
        {
            using DemoFolder place = DemoFolder.Create(parsed.GetValue(folder), runner.Context.WorkingFolder, parsed.GetValue(keep));
            return await new DemoRun(runner.Context, place, parsed.GetValue(keep)).RunAsync(cancellationToken);
        });
        return command;
    }
}
