using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Client;

/// <summary>The password of repositories: from a file, else from the environment; never an argument, since arguments show in process lists.</summary>
internal static class PasswordSource
{
    public const string Variable = "REPOSITORY_PASSWORD";

    /// <summary>The password, or null when none is given.</summary>
    /// <param name="file">Absolute path of the file, or null.</param>
    /// <exception cref="BackupException">NotFound, AccessDenied, or InvalidInput when nothing but white space is in it.</exception>
    public static RepositoryPassword? TryRead(string? file, Func<string, string?> variable)
    {
        if (file is not null)
        {
            return Parse(TextFile.Read(file, "password"), $"The password file {file} is empty.", "It holds the password of the volumes' repositories and nothing else.");
        }

        return variable(Variable) is { } given ? Parse(given, $"The variable {Variable} is blank.", "Set it to the password, or remove it.") : null;
    }

    private static RepositoryPassword Parse(string text, string problem, string remedy) => string.IsNullOrWhiteSpace(text)
        ? throw new BackupException(ErrorKind.InvalidInput, problem, remedy)
        : new RepositoryPassword(text);
}
