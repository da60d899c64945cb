using System.CommandLine;
using System.Text.RegularExpressions;
using BackupFunctions.Cli.Client.Http;
using BackupFunctions.Cli.Commands;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Client;

/// <summary>Makes the other side that the options name.</summary>
internal sealed partial class Connector(CliContext context, ConnectionOptions options)
{
    private const int MaxKeyLength = 1024;

    /// <exception cref="BackupException">InvalidInput or NotFound: an option cannot be used.</exception>
    public IBackupClient Connect(ParseResult parsed) => ConnectHttp(parsed);

    private HttpBackupClient ConnectHttp(ParseResult parsed)
    {
        string text = parsed.GetValue(options.Server) ?? Variable(ConnectionOptions.ServerVariable) ?? ConnectionOptions.DefaultServer;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https") || server.UserInfo.Length > 0)
        {
            throw new BackupException(ErrorKind.InvalidInput, "The address of the function app is not of the form http://host:port.", $"Give it with --server or {ConnectionOptions.ServerVariable}, as {ConnectionOptions.DefaultServer}.");
        }

        string? keyFile = parsed.GetValue(options.KeyFile);
        string? key = keyFile is null ? Variable(ConnectionOptions.KeyVariable) : ReadKey(Path.GetFullPath(keyFile, context.WorkingFolder));
        return new HttpBackupClient(new HttpApi(context.HttpHandler(), server, key?.Trim()));
    }

    /// <summary>The first key of the file: a bare key, or a line <c>name:level=key</c> as the function app writes it.</summary>
    private static string ReadKey(string path)
    {
        string? line = TextFile.Read(path, "key").Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#');
        string key = NamedKey().Match(line ?? "") is { Success: true } named ? named.Groups["key"].Value : line ?? "";
        return key.Length is > 0 and <= MaxKeyLength && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw new BackupException(ErrorKind.InvalidInput, $"The file {path} holds no API key.", "Its first line is the key, alone or as name:level=key.");
    }

    private string? Variable(string name) => context.Environment(name) is { Length: > 0 } value ? value : null;

    [GeneratedRegex(@"^[^:=]+:[a-z]+=(?<key>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedKey();
}
