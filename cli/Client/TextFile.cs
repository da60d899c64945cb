using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Client;

/// <summary>Small files that options name.</summary>
internal static class TextFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <exception cref="BackupException">NotFound, AccessDenied or InvalidInput.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > MaxBytes)
            {
                throw new BackupException(ErrorKind.InvalidInput, $"The {what} file {path} is longer than {MaxBytes} bytes.", "Check which file is meant.");
            }

            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackupException(ErrorKind.NotFound, $"The {what} file {path} does not exist.", "Check the path.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BackupException(ErrorKind.AccessDenied, $"The {what} file {path} may not be read.", "Check its owner and mode.", e);
        }
    }
}
