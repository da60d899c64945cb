namespace BackupFunctions.Bench.Compare;

/// <summary>
/// What Kopia and restic took in another run, of another tree like the mixed one, on another machine like this one (2 cores, page
/// cache). kopia is in no package registry, so it cannot be measured here; restic, which is in both runs, is the yardstick between
/// them.
/// </summary>
internal sealed record Reference(string Operation, double KopiaSeconds, double KopiaMegabytes, double ResticSeconds, double ResticMegabytes)
{
    public const string KopiaName = "kopia 0.23.1, measured elsewhere";

    public static IReadOnlyList<Reference> All { get; } =
    [
        new(Comparison.First, 6.0, 180, 11.1, 146),
        new(Comparison.Unchanged, 0.35, 100, 0.9, 71),
        new(Comparison.Restore, 13.3, 390, 6.8, 99),
    ];

    /// <summary>The figure for a step, or null: there is none for the small files.</summary>
    public static Reference? Find(string tree, string operation) =>
        tree == Comparison.MixedTree ? All.FirstOrDefault(reference => reference.Operation == operation) : null;
}
