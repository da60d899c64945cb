using System.CommandLine;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>describe</c> of any kind.</summary>
internal static class DescribeCommand
{
    public static Command Create<T>(string name, Noun<T> noun, CommandRunner runner)
    {
        Command command = new(name, $"Describe {noun.Plural}");
        ObjectSelection<T> selection = new(noun);
        Option<bool> details = new("--details") { Description = "Tell of every object and volume, too" };
        selection.AddTo(command, withAll: false);
        if (noun is RunNoun<T>)
        {
            command.Options.Add(details);
        }

        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            IObjectClient<T> objects = noun.Client(client);
            bool isFirst = true;
            foreach (string found in (await selection.ReadAsync(parsed, objects, cancellationToken)).Select(noun.NameOf).Order(ObjectNames.Order))
            {
                string text = await objects.DescribeAsync(found, parsed.GetValue(details), cancellationToken);
                await runner.Context.Out.WriteAsync((isFirst ? "" : "\n\n") + text.TrimEnd('\n') + "\n");
                isFirst = false;
            }

            return ExitStatus.Ok;
        });
        return command;
    }
}
