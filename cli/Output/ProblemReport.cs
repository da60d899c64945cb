using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Output;

/// <summary>What went wrong with single files, one line each.</summary>
internal static class ProblemReport
{
    private const int MaxLines = 50;

    /// <param name="error">Where to.</param>
    /// <param name="level">error or warning.</param>
    /// <param name="problems">The first of them.</param>
    /// <param name="count">How many there are in all.</param>
    public static void Write(TextWriter error, string level, IReadOnlyList<PathProblem> problems, long count)
    {
        foreach (PathProblem problem in problems.Take(MaxLines))
        {
            error.WriteLine($"{level}: {HumanText.OneLine($"{problem.Path}: {problem.Message}")}");
        }

        long shown = Math.Min(problems.Count, MaxLines);
        if (count > shown)
        {
            error.WriteLine($"{level}: and {count - shown} more like these");
        }
    }
}
