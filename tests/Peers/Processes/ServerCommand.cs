namespace BackupFunctions.Tests.Peers.Processes;

/// <summary>How to start a server: its name for messages, the program, and the file that takes its output.</summary>
internal sealed record ServerCommand(string Name, string FileName, IReadOnlyList<string> Arguments, string LogPath)
{
    /// <summary>Added to the environment of the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
