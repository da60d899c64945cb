using System.CommandLine;
using BackupFunctions.Cli.Client.Direct;
using BackupFunctions.Cli.Client.Http;
using BackupFunctions.Cli.Commands;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Client;

/// <summary>Makes the other side that the options name.</summary>
internal sealed class Connector(CliContext context, ConnectionOptions options)
{
    /// <exception cref="BackupException">InvalidInput or NotFound: an option cannot be used.</exception>
    public IBackupClient Connect(ParseResult parsed) => parsed.GetValue(options.Direct)
        ? new DirectBackupClient(new DirectSettings(context, options, parsed), context.Time, new WarningLogger(context.Error))
        : ConnectHttp(parsed);

    private HttpBackupClient ConnectHttp(ParseResult parsed)
    {
        string text = parsed.GetValue(options.Server) ?? Variable(ConnectionOptions.ServerVariable) ?? ConnectionOptions.DefaultServer;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https") || server.UserInfo.Length > 0)
        {
            throw new BackupException(ErrorKind.InvalidInput, "The address of the function app is not of the form http://host:port.", $"Give it with --server or {ConnectionOptions.ServerVariable}, as {ConnectionOptions.DefaultServer}.");
        }

        string? keyFile = parsed.GetValue(options.KeyFile);
        string? key = keyFile is null ? Variable(ConnectionOptions.KeyVariable) : ApiKeyFile.Read(Path.GetFullPath(keyFile, context.WorkingFolder));
        return new HttpBackupClient(new HttpApi(context.HttpHandler(), server, key?.Trim()));
    }

    private string? Variable(string name) => context.Environment(name) is { Length: > 0 } value ? value : null;
}
