using BackupFunctions.Tests.Peers.Processes;

namespace BackupFunctions.Tests.Peers;

/// <summary>
/// An independent reader of Kopia repositories that shares no code with this project: the Python script that the
/// environment variable KOPIA_CHECKER names.
/// </summary>
internal static class KopiaChecker
{
    private static string? Script => Environment.GetEnvironmentVariable("KOPIA_CHECKER") is { Length: > 0 } script ? script : null;

    public static string? ReasonMissing => Script switch
    {
        null => "KOPIA_CHECKER does not name a checker",
        var script when !File.Exists(script) => $"KOPIA_CHECKER names {script}, which is not there",
        _ => null,
    };

    /// <param name="blobsFolder">The repository's blobs, flat, as they lie in a bucket.</param>
    /// <param name="password">The repository's password.</param>
    /// <param name="tree">A folder that the snapshot must equal in every byte and attribute.</param>
    /// <param name="snapshot">The snapshot to compare; without it the newest one.</param>
    /// <param name="cancellationToken">Ends the checker too.</param>
    public static async Task<KopiaCheckResult> RunAsync(
        string blobsFolder,
        string password,
        string? tree = null,
        string? snapshot = null,
        CancellationToken cancellationToken = default)
    {
        if (ReasonMissing is { } reason)
        {
            throw new PeerException(reason);
        }

        List<string> arguments = [Script!, blobsFolder, password]; // no reason, so there is a script
        if (tree is not null)
        {
            arguments.AddRange(["--tree", tree]);
        }

        if (snapshot is not null)
        {
            arguments.AddRange(["--snapshot", snapshot]);
        }

        // Debian's own interpreter is the one that its python3-cryptography belongs to.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var run = await ToolRun.RunAsync(python, arguments, cancellationToken: cancellationToken);
        return new KopiaCheckResult(run.ExitCode, run.Output);
    }
}
