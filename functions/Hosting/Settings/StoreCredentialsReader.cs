using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Credentials for S3 from AWS's own variables: the pair of keys, else the credentials file.</summary>
internal static class StoreCredentialsReader
{
    public static S3Credentials? Read(Func<string, string?> text, Func<string, string> absolute, List<string> problems)
    {
        string? id = text("AWS_ACCESS_KEY_ID");
        string? key = text("AWS_SECRET_ACCESS_KEY");
        if (id is not null && key is not null)
        {
            return new S3Credentials(id, key, text("AWS_SESSION_TOKEN"));
        }

        if (id is not null || key is not null)
        {
            problems.Add("Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set.");
            return null;
        }

        string? given = text("AWS_SHARED_CREDENTIALS_FILE");
        string path = absolute(given ?? Path.Combine(text("HOME") ?? "/", ".aws", "credentials"));
        if (!File.Exists(path))
        {
            problems.Add(given is null
                ? "BACKUP_STORE is on S3, but there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE."
                : $"AWS_SHARED_CREDENTIALS_FILE names the file {path}, which does not exist.");
            return null;
        }

        try
        {
            return CredentialsFile.Parse(File.ReadAllText(path), text("AWS_PROFILE") ?? CredentialsFile.DefaultProfile);
        }
        catch (BackupException e)
        {
            problems.Add($"{path}: {e.Message} {e.Remedy}");
            return null;
        }
    }
}
