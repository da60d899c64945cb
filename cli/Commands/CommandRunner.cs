using System.CommandLine;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary>The one place where commands are entered: connects, and turns failures into messages and exit statuses.</summary>
internal sealed class CommandRunner(CliContext context, ConnectionOptions connection, Func<ParseResult, IBackupClient> connect)
{
    public CliContext Context => context;

    /// <summary>Gives the command what it does with the other side.</summary>
    public void Set(Command command, Func<ParseResult, IBackupClient, CancellationToken, Task<int>> run) =>
        SetLocal(command, async (parsed, cancellationToken) =>
        {
            connection.Check(parsed);
            await using IBackupClient client = connect(parsed);
            return await run(parsed, client, cancellationToken);
        });

    /// <summary>Gives the command what it does without another side.</summary>
    public void SetLocal(Command command, Func<ParseResult, CancellationToken, Task<int>> run) =>
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => run(parsed, cancellationToken), cancellationToken));

    private async Task<int> GuardAsync(Func<Task<int>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitStatus.Interrupted;
        }
        catch (BackupException e)
        {
            ErrorReport.Write(context.Error, e);
            return ExitStatus.Of(e.Kind);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ErrorReport.WriteUnexpected(context.Error, e);
            return ExitStatus.Failed;
        }
    }
}
