namespace BackupFunctions.Bench.Compare;

/// <summary>Borg with its own BLAKE2 and AES, without compression, because Kopia does not compress unless told either.</summary>
internal sealed class BorgProgram(string home) : IBackupProgram
{
    private readonly string? _path = SearchPath.Find("borg");

    public string Name => "borg";

    public string Settings => "repokey-blake2, -C none";

    public string? ReasonMissing => _path is null ? "borg is not on PATH (Debian package borgbackup)" : null;

    public ChildCommand Version => Command("--version");

    public ChildCommand Create(string repository) => Command("init", "--encryption", "repokey-blake2", repository);

    public ChildCommand Backup(string repository, string tree, int number) => Command("create", "--compression", "none", $"{repository}::{number}", tree);

    public ChildCommand Restore(string repository, string target, int number) => Command("extract", $"{repository}::{number}") with { WorkingFolder = target };

    public string RestoredTree(string tree, string target) => target + tree;

    private ChildCommand Command(params string[] arguments) => new(_path ?? Name, arguments)
    {
        Environment = new Dictionary<string, string>
        {
            ["BORG_PASSPHRASE"] = "bench",
            ["BORG_BASE_DIR"] = Path.Combine(home, "borg"),
            ["BORG_RELOCATED_REPO_ACCESS_IS_OK"] = "yes",
            ["LC_ALL"] = "C.UTF-8",
        },
    };
}
