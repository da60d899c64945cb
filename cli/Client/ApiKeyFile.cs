using System.Text.RegularExpressions;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Client;

/// <summary>A file with an API key: a bare key, or a line <c>name:level=key</c> as the function app writes it.</summary>
internal static partial class ApiKeyFile
{
    private const int MaxKeyLength = 1024;

    /// <summary>The first key of the file.</summary>
    /// <exception cref="BackupException">NotFound, AccessDenied, or InvalidInput when there is no key in it; the text never holds the key.</exception>
    public static string Read(string path)
    {
        string line = TextFile.Read(path, "key").Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#') ?? "";
        string key = NamedKey().Match(line) is { Success: true } named ? named.Groups["key"].Value : line;
        return key.Length is > 0 and <= MaxKeyLength && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw new BackupException(ErrorKind.InvalidInput, $"The file {path} holds no API key.", "Its first line is the key, alone or as name:level=key.");
    }

    [GeneratedRegex(@"^[^:=]+:[a-z]+=(?<key>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedKey();
}
