using System.CommandLine;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary>What all commands do that start a backup or restore: hand it over, say so, and wait if asked to.</summary>
internal sealed class RunStart<T>(RunNoun<T> noun, CommandRunner runner)
{
    private readonly Option<bool> wait = new("--wait", "-w") { Description = $"Wait for the end, and let the exit status tell how it ended" };

    public void AddTo(Command command) => command.Options.Add(wait);

    /// <param name="parsed">The command line.</param>
    /// <param name="client">The other side.</param>
    /// <param name="start">Hands it over.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public async Task<int> RunAsync(ParseResult parsed, IBackupClient client, Func<Task<T>> start, CancellationToken cancellationToken)
    {
        T started = await start();
        string name = noun.NameOf(started);
        TextWriter output = runner.Context.Out;
        await output.WriteLineAsync($"{Title} request \"{name}\" submitted successfully.");
        bool waits = parsed.GetValue(wait) || client.RunsHere;
        if (!waits)
        {
            await output.WriteLineAsync($"Run `backupctl {noun.Singular} describe {name}` or `backupctl {noun.Singular} logs {name}` for more details.");
            return ExitStatus.Ok;
        }

        if (client.RunsHere)
        {
            await output.WriteLineAsync($"It runs in this process, on {client.DisplayName}.");
        }
        else
        {
            await output.WriteLineAsync($"Waiting for {noun.Singular} to complete. You may safely press ctrl-c to stop waiting - your {noun.Singular} will continue in the background.");
        }

        RunEnd? end = await WatchAsync(client, name, cancellationToken);
        return end is null ? await TellInterruptedAsync(client, name) : await TellEndAsync(end, name);
    }

    private string Title => char.ToUpperInvariant(noun.Singular[0]) + noun.Singular[1..];

    private async Task<RunEnd?> WatchAsync(IBackupClient client, string name, CancellationToken cancellationToken)
    {
        using CancellationTokenSource workFailed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task work = WorkAsync(client, workFailed);
        try
        {
            RunWatch<T> watch = new(noun, noun.Runs(client), runner.Context.Time);
            return runner.Context.IsTerminal
                ? await new LiveProgress(runner.Context.Console.Value, runner.Context.Time).ShowAsync(watch.ReadAsync(name, workFailed.Token), workFailed.Token)
                : await new LineProgress(runner.Context.Out).ShowAsync(watch.ReadAsync(name, workFailed.Token), workFailed.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (work.IsFaulted)
        {
            await work; // throws what went wrong
            throw;
        }
        finally
        {
            await work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task WorkAsync(IBackupClient client, CancellationTokenSource failed)
    {
        try
        {
            await client.WorkAsync(failed.Token);
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private async Task<int> TellInterruptedAsync(IBackupClient client, string name)
    {
        await runner.Context.Error.WriteLineAsync(client.RunsHere
            ? $"Interrupted: {noun.Singular} \"{name}\" stands still. A function app on this store goes on with it; 'backupctl {noun.Singular} cancel {name}' with the same options gives it up."
            : $"No longer waiting: {noun.Singular} \"{name}\" goes on. Look at it with 'backupctl {noun.Singular} get {name}', stop it with 'backupctl {noun.Singular} cancel {name}'.");
        return ExitStatus.Interrupted;
    }

    private async Task<int> TellEndAsync(RunEnd end, string name)
    {
        await runner.Context.Out.WriteLineAsync(
            $"{Title} completed with status: {end.Phase}. You may check for more information using the commands `backupctl {noun.Singular} describe {name}` and `backupctl {noun.Singular} logs {name}`.");
        if (end.IsGood)
        {
            return ExitStatus.Ok;
        }

        string counts = $"{HumanText.Count(end.Errors, "error")}, {HumanText.Count(end.Warnings, "warning")}";
        ErrorReport.Write(runner.Context.Error, new BackupException(
            ErrorKind.Internal,
            $"{noun.Singular} \"{name}\" ended as {end.Phase} ({counts}){(end.FailureReason is null ? "." : ": " + end.FailureReason)}",
            $"'backupctl {noun.Singular} describe {name}' lists what went wrong."));
        return ExitStatus.Failed;
    }
}
