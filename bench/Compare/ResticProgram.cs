namespace BackupFunctions.Bench.Compare;

/// <summary>restic; compression is off, because Kopia does not compress unless told either.</summary>
internal sealed class ResticProgram(string home) : IBackupProgram
{
    private readonly string? _path = SearchPath.Find("restic");

    public string Name => "restic";

    public string Settings => "--compression off";

    public string? ReasonMissing => _path is null ? "restic is not on PATH (Debian package restic)" : null;

    public ChildCommand Version => Command("version");

    public ChildCommand Create(string repository) => Command("init", "--repo", repository, "--quiet");

    public ChildCommand Backup(string repository, string tree, int number) =>
        Command("backup", "--repo", repository, "--quiet", "--compression", "off", "--host", "bench", tree);

    public ChildCommand Restore(string repository, string target, int number) => Command("restore", "latest", "--repo", repository, "--quiet", "--target", target);

    public string RestoredTree(string tree, string target) => target + tree;

    private ChildCommand Command(params string[] arguments) => new(_path ?? Name, [.. arguments, "--cache-dir", Path.Combine(home, "restic-cache")])
    {
        Environment = new Dictionary<string, string> { ["RESTIC_PASSWORD"] = "bench", ["HOME"] = home },
    };
}
