using System.CommandLine;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Commands;

/// <summary><c>get</c> of any kind.</summary>
internal static class GetCommand
{
    public static Command Create<T>(string name, Noun<T> noun, CommandRunner runner)
    {
        Command command = new(name, $"List {noun.Plural}");
        ObjectSelection<T> selection = new(noun);
        Option<OutputFormat> output = OutputOption.Create();
        selection.AddTo(command, withAll: false);
        command.Options.Add(output);
        runner.Set(command, async (parsed, client, cancellationToken) =>
        {
            IReadOnlyList<T> found = await selection.ReadAsync(parsed, noun.Client(client), cancellationToken);
            OutputFormat format = parsed.GetValue(output);
            string text = format switch
            {
                OutputFormat.Table => noun.Table(found, runner.Context.Time.GetUtcNow()),
                _ when selection.IsOne(parsed) => OutputOption.Write(noun, found[0], format),
                _ => OutputOption.WriteList(noun, found, format),
            };
            await runner.Context.Out.WriteAsync(text);
            return ExitStatus.Ok;
        });
        return command;
    }
}
