namespace BackupFunctions.Bench.Compare;

/// <summary>
/// One aim for speed: this program takes at most 1/<paramref name="Factor"/> of the other's time. Against Kopia there are two
/// measures: its published seconds as they are, and, since machines differ, restic's seconds here times the quotient of Kopia's
/// and restic's in that other run.
/// </summary>
internal sealed record Aim(string Tree, string Operation, string Program, double Factor, string Than)
{
    public const string Kopia = "kopia", Restic = "restic", Blake3 = "BLAKE3-256-128";
    public const double PeakMegabytes = 150;

    public static IReadOnlyList<Aim> All { get; } =
    [
        new(Comparison.MixedTree, Comparison.First, OwnProgram.DefaultHash, 1.8, Kopia),
        new(Comparison.MixedTree, Comparison.First, OwnProgram.DefaultHash, 3, Restic),
        new(Comparison.MixedTree, Comparison.First, Blake3, 2.5, Kopia),
        new(Comparison.MixedTree, Comparison.Unchanged, OwnProgram.DefaultHash, 3, Kopia),
        new(Comparison.SmallFilesTree, Comparison.Unchanged, OwnProgram.DefaultHash, 3, Kopia),
        new(Comparison.MixedTree, Comparison.Restore, OwnProgram.DefaultHash, 3, Kopia),
        new(Comparison.MixedTree, Comparison.Restore, OwnProgram.DefaultHash, 1.5, Restic),
    ];

    /// <summary>How many times faster than the other it was, by each measure; empty where something was not measured.</summary>
    public IReadOnlyList<(string Measure, double Factor)> Reached(Comparison comparison)
    {
        double? own = comparison.Median(OwnProgram.NameOf(Program), Tree, Operation)?.Seconds;
        double? restic = comparison.Median(Restic, Tree, Operation)?.Seconds;
        List<(string, double)> reached = [];
        if (own is not { } seconds)
        {
            return reached;
        }

        if (Than == Restic)
        {
            return restic is { } other ? [("measured here", other / seconds)] : [];
        }

        if (Reference.Find(Tree, Operation) is { } reference)
        {
            reached.Add(("its published seconds", reference.KopiaSeconds / seconds));
            if (restic is { } yardstick)
            {
                reached.Add(("by way of restic", yardstick * reference.KopiaSeconds / reference.ResticSeconds / seconds));
            }
        }

        return reached;
    }
}
