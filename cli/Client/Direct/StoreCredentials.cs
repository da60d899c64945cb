using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>Credentials for S3 from AWS's own variables: the pair of keys, else the credentials file.</summary>
internal static class StoreCredentials
{
    /// <exception cref="BackupException">AccessDenied, NotFound or InvalidInput.</exception>
    public static S3Credentials Read(Func<string, string?> variable, Func<string, string> absolute)
    {
        (string? id, string? key) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
        if (id is not null && key is not null)
        {
            return new S3Credentials(id, key, variable("AWS_SESSION_TOKEN"));
        }

        if (id is not null || key is not null)
        {
            throw new BackupException(ErrorKind.AccessDenied, "Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set.", "Set both, or none and use a credentials file.");
        }

        string? given = variable("AWS_SHARED_CREDENTIALS_FILE");
        string path = absolute(given ?? Path.Combine(variable("HOME") ?? "/", ".aws", "credentials"));
        if (given is null && !File.Exists(path))
        {
            throw new BackupException(
                ErrorKind.AccessDenied, "The store is on S3, but there are no credentials.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE.");
        }

        return CredentialsFile.Parse(TextFile.Read(path, "credentials"), variable("AWS_PROFILE") ?? CredentialsFile.DefaultProfile);
    }
}
