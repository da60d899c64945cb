using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Demo;

/// <summary>The folder of a demo; a temporary one goes at the end unless it is to be kept.</summary>
internal sealed class DemoFolder : IDisposable
{
    private bool removeAtEnd;

    private DemoFolder(string path, bool removeAtEnd)
    {
        Root = path;
        this.removeAtEnd = removeAtEnd;
    }

    public string Root { get; }

    public string Cluster => Path.Combine(Root, "cluster");

    public string Data => Path.Combine(Root, "data");

    public string Store => Path.Combine(Root, "store");

    public string Log => Path.Combine(Root, "app.log");

    /// <exception cref="BackupException">AlreadyExists: the folder holds something.</exception>
    public static DemoFolder Create(string? named, string workingFolder, bool keep)
    {
        if (named is null)
        {
            return new DemoFolder(Directory.CreateTempSubdirectory("backup-functions-demo-").FullName, removeAtEnd: !keep);
        }

        string path = Path.GetFullPath(named, workingFolder);
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new BackupException(ErrorKind.AlreadyExists, $"{path} is not an empty folder.", "Name an empty one, or leave --folder out.");
        }

        Directory.CreateDirectory(path);
        return new DemoFolder(path, removeAtEnd: false);
    }

    /// <summary>Leaves the folder where it is, so that one can look into it.</summary>
    public void Keep() => removeAtEnd = false;

    public void Dispose()
    {
        if (removeAtEnd)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
