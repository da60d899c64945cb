using System.Globalization;

namespace BackupFunctions.Tests.Peers.Kopia;

/// <summary>Command lines of kopia 0.23.1, without what every one of them has in common (<see cref="KopiaProgram"/>).</summary>
internal static class KopiaCommands
{
    /// <summary>Makes a repository and connects to it.</summary>
    public static IReadOnlyList<string> Create(KopiaPlace place, KopiaIdentity identity, int formatVersion, string hash, string encryption, string splitter) =>
    [
        "repository", "create", place.Provider, .. place.Flags, .. As(identity),
        string.Create(CultureInfo.InvariantCulture, $"--format-version={formatVersion}"),
        $"--block-hash={hash}",
        $"--encryption={encryption}",
        $"--object-splitter={splitter}",
    ];

    public static IReadOnlyList<string> Connect(KopiaPlace place, KopiaIdentity identity) => ["repository", "connect", place.Provider, .. place.Flags, .. As(identity)];

    /// <summary>Compresses file data from now on, in all sources.</summary>
    public static IReadOnlyList<string> SetCompression(string compressor) => ["policy", "set", "--global", $"--compression={compressor}"];

    /// <summary>From now on, in all sources, cuts longer files into parts of this size, and compresses directories and lists so.</summary>
    public static IReadOnlyList<string> SetPartsAndMetadataCompression(int mebibytes, string compressor) =>
    [
        "policy", "set", "--global",
        string.Create(CultureInfo.InvariantCulture, $"--parallel-upload-above-size-mib={mebibytes}"),
        $"--metadata-compression={compressor}",
    ];

    /// <summary>Stops soon, and keeps what there is as an incomplete snapshot.</summary>
    public static IReadOnlyList<string> BreakOffSnapshot(string tree) => ["snapshot", "create", tree, "--upload-limit-mb=1"];

    public static IReadOnlyList<string> CreateSnapshot(string tree) => ["snapshot", "create", tree];

    public static IReadOnlyList<string> DeleteSnapshot(string id) => ["snapshot", "delete", id, "--delete"];

    /// <summary>Every entry of every snapshot, and the data of all files.</summary>
    public static IReadOnlyList<string> VerifySnapshots() => ["snapshot", "verify", "--verify-files-percent=100", "--max-errors=1"];

    /// <summary>Every content, read and decrypted.</summary>
    public static IReadOnlyList<string> VerifyContents() => ["content", "verify", "--full"];

    /// <param name="id">A snapshot.</param>
    /// <param name="target">A folder that is not there yet.</param>
    public static IReadOnlyList<string> Restore(string id, string target) => ["restore", "--mode=local", id, target];

    /// <summary>Lets this identity run maintenance from now on.</summary>
    public static IReadOnlyList<string> TakeMaintenance() => ["maintenance", "set", "--owner=me"];

    /// <summary>What is due of quick maintenance, whoever else is at work.</summary>
    public static IReadOnlyList<string> MaintainQuickly() => ["maintenance", "run"];

    /// <summary>All of maintenance, whoever else is at work.</summary>
    public static IReadOnlyList<string> MaintainSafely() => ["maintenance", "run", "--full"];

    /// <summary>Frees all space at once; nobody else may be at work.</summary>
    public static IReadOnlyList<string> Maintain() => ["maintenance", "run", "--full", "--safety=none"];

    private static string[] As(KopiaIdentity identity) => [$"--override-username={identity.User}", $"--override-hostname={identity.Host}"];
}
