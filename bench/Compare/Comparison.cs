namespace BackupFunctions.Bench.Compare;

/// <summary>Everything that was measured in one work folder; kept as JSON there.</summary>
internal sealed record Comparison
{
    public const string MixedTree = "mixed", SmallFilesTree = "small files";
    public const string First = "first backup", Unchanged = "unchanged backup", Restore = "restore";

    /// <summary>What is measured, in the order of the table.</summary>
    public static IReadOnlyList<(string Tree, string Operation)> Steps { get; } =
    [
        (MixedTree, First), (MixedTree, Unchanged), (MixedTree, Restore), (SmallFilesTree, First), (SmallFilesTree, Unchanged),
    ];

    /// <summary>Day of the last measurement.</summary>
    public string Date { get; init; } = "";

    /// <summary>Processor, its cores, memory, system.</summary>
    public string Machine { get; init; } = "";

    /// <summary>What each tree is.</summary>
    public IReadOnlyDictionary<string, string> Trees { get; init; } = new Dictionary<string, string>();

    /// <summary>Each program's version and settings.</summary>
    public IReadOnlyDictionary<string, string> Programs { get; init; } = new Dictionary<string, string>();

    /// <summary>Programs that are not there, and why.</summary>
    public IReadOnlyDictionary<string, string> Missing { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Sample> Samples { get; init; } = [];

    /// <summary>Medians of times and memory, and how many measurements they are of; null when there is none.</summary>
    public (double Seconds, double ProcessorSeconds, double Megabytes, int Count)? Median(string program, string tree, string operation)
    {
        List<Sample> samples = [.. Samples.Where(sample => sample.Program == program && sample.Tree == tree && sample.Operation == operation)];
        return samples.Count == 0
            ? null
            : (MedianOf(samples.Select(static sample => sample.Seconds)), MedianOf(samples.Select(static sample => sample.ProcessorSeconds)), MedianOf(samples.Select(static sample => sample.PeakBytes / 1e6)), samples.Count);
    }

    private static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
