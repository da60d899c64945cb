namespace BackupFunctions.Bench.Compare;

/// <summary>A program to run: its file, arguments, what is added to the environment, and the folder that it starts in.</summary>
internal sealed record ChildCommand(string FileName, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingFolder { get; init; }
}
