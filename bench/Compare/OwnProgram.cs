namespace BackupFunctions.Bench.Compare;

/// <summary>This project's program, with Kopia's default algorithms but for the hash.</summary>
/// <param name="hash">Names the contents.</param>
/// <param name="path">The program, or null when there is none.</param>
/// <param name="home">For whatever it keeps in the user's home.</param>
internal sealed class OwnProgram(string hash, string? path, string home) : IBackupProgram
{
    public const string DefaultHash = "BLAKE2B-256-128";

    private const string FileName = "backupctl";

    public string Name => NameOf(hash);

    public string Settings => $"{hash}, AES256-GCM-HMAC-SHA256, DYNAMIC-4M-BUZHASH, no compression";

    public string? ReasonMissing => path is null ? $"{FileName} is not built; publish cli (docs/install.md) and name it by --backupctl" : null;

    public ChildCommand Version => Command("--version");

    public ChildCommand Create(string repository) => Command("repo", "create", "--store", Url(repository), "--hash", hash);

    public ChildCommand Backup(string repository, string tree, int number) => Command("repo", "snapshot", "create", tree, "--store", Url(repository));

    public ChildCommand Restore(string repository, string target, int number) => Command("repo", "restore", "latest", target, "--store", Url(repository));

    public string RestoredTree(string tree, string target) => target;

    public static string NameOf(string hash) => hash == DefaultHash ? FileName : $"{FileName} {hash}";

    /// <summary>The program on PATH, or as it was built beside this one.</summary>
    public static string? Find()
    {
        if (SearchPath.Find(FileName) is { } installed)
        {
            return installed;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string built = Path.Combine(folder.FullName, "cli", "bin", "Release", "net10.0", FileName);
            if (File.Exists(built))
            {
                return built;
            }
        }

        return null;
    }

    private static string Url(string folder) => "file://" + folder;

    private ChildCommand Command(params string[] arguments) => new(path ?? FileName, arguments)
    {
        Environment = new Dictionary<string, string> { ["REPOSITORY_PASSWORD"] = "bench", ["HOME"] = home },
    };
}
