namespace BackupFunctions.Tests.Peers;

/// <summary>What the independent reader said of a repository: 0 is a clean one.</summary>
internal sealed record KopiaCheckResult(int ExitCode, string Output);
