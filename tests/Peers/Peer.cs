namespace BackupFunctions.Tests.Peers;

/// <summary>What a test may run against that is not of this project.</summary>
internal enum Peer
{
    Azurite,
    S3Gateway,
    KubeApiServer,

    /// <summary>The zstd library's own program.</summary>
    Zstd,

    /// <summary>The kopia program, which no package registry has: tests with it are only ever skipped.</summary>
    Kopia,

    /// <summary>An independent reader of Kopia repositories, named by KOPIA_CHECKER: only ever skipped.</summary>
    KopiaChecker,
}
