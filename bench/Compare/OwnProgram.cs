namespace BackupFunctions.Bench.Compare;

/// <summary>This project's program.</summary>
internal sealed class OwnProgram(string hash) : IBackupProgram
{
    public const string DefaultHash = "BLAKE2B-256-128";

    public string Name => NameOf(hash);

    public string Settings => $"{hash}, AES256-GCM-HMAC-SHA256, DYNAMIC-4M-BUZHASH, no compression";

    public string? ReasonMissing => null;

    public ChildCommand Version => Command("version");

    public ChildCommand Create(string repository) => Command("create", repository, hash);

    public ChildCommand Backup(string repository, string tree, int number) => Command("backup", repository, tree);

    public ChildCommand Restore(string repository, string target, int number) => Command("restore", repository, target);

    public string RestoredTree(string tree, string target) => target;

    public static string NameOf(string hash) => hash == DefaultHash ? "backupctl" : $"backupctl {hash}";

    private static ChildCommand Command(params string[] arguments) => new(Environment.ProcessPath ?? "backupctl", ["engine", .. arguments]);
}
