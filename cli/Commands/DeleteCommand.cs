using System.CommandLine;
using System.Globalization;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>delete</c> of any kind: asks first.</summary>
internal static class DeleteCommand
{
    public static Command Create<T>(string name, Noun<T> noun, CommandRunner runner)
    {
        Command command = new(name, $"Delete {noun.Plural}");
        ObjectSelection<T> selection = new(noun);
        Option<bool> confirm = new("--confirm") { Description = "Do not ask" };
        selection.AddTo(command, withAll: true);
        command.Options.Add(confirm);
        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            IObjectClient<T> objects = noun.Client(client);
            IReadOnlyList<T> found = await selection.ReadSaidAsync(parsed, objects, cancellationToken);
            TextWriter output = runner.Context.Out;
            if (found.Count == 0)
            {
                await output.WriteLineAsync($"No {noun.Plural} found");
                return ExitStatus.Ok;
            }

            if (!parsed.GetValue(confirm) && !await Confirmation.AskAsync(runner.Context, [.. found.Select(noun.NameOf)], noun.Plural, cancellationToken))
            {
                return ExitStatus.Ok;
            }

            foreach (T value in found)
            {
                await objects.DeleteAsync(noun.NameOf(value), cancellationToken);
                await output.WriteLineAsync(string.Format(CultureInfo.InvariantCulture, noun.DeletedText, noun.NameOf(value)));
            }

            await client.WorkAsync(cancellationToken);
            return ExitStatus.Ok;
        });
        return command;
    }
}
