using System.Globalization;
using System.Text;

namespace BackupFunctions.Bench.Compare;

/// <summary>The figures as Markdown: a table, the aims beside them, and how they were taken.</summary>
internal static class ResultText
{
    public static string Write(Comparison comparison)
    {
        StringBuilder text = new();
        AppendFigures(text, comparison);
        AppendAims(text, comparison);
        AppendCircumstances(text, comparison);
        return text.ToString();
    }

    private static void AppendFigures(StringBuilder text, Comparison comparison)
    {
        text.AppendLine("| tree | operation | program | seconds | processor s | peak MB | times |").AppendLine("|---|---|---|---:|---:|---:|---:|");
        foreach ((string tree, string operation) in Comparison.Steps)
        {
            foreach (string program in comparison.Programs.Keys)
            {
                if (comparison.Median(program, tree, operation) is var (seconds, processor, megabytes, count))
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"| {tree} | {operation} | {program} | {seconds:F2} | {processor:F2} | {megabytes:F0} | {count} |");
                }
            }

            if (Reference.Find(tree, operation) is { } reference)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {tree} | {operation} | *{Reference.KopiaName}* | *{reference.KopiaSeconds:0.##}* | | *{reference.KopiaMegabytes:F0}* | |");
                text.AppendLine(CultureInfo.InvariantCulture, $"| {tree} | {operation} | *restic 0.14, in that other run* | *{reference.ResticSeconds:0.##}* | | *{reference.ResticMegabytes:F0}* | |");
            }
        }

        text.AppendLine();
    }

    private static void AppendAims(StringBuilder text, Comparison comparison)
    {
        text.AppendLine("| aim | reached | |").AppendLine("|---|---|---|");
        foreach (Aim aim in Aim.All)
        {
            IReadOnlyList<(string Measure, double Factor)> reached = aim.Reached(comparison);
            string hash = aim.Program == OwnProgram.DefaultHash ? "" : $" with {aim.Program}";
            string factors = string.Join(", ", reached.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Factor:F2} ({one.Measure})")));
            int met = reached.Count(one => one.Factor >= aim.Factor);
            string verdict = reached.Count == 0 ? "nothing to compare with" : met == reached.Count ? "met" : met == 0 ? "**not met**" : "**met by one measure only**";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {aim.Tree}, {aim.Operation}{hash}: {aim.Factor} times {aim.Than}'s speed | {factors} | {verdict} |");
        }

        foreach ((string tree, string operation) in Comparison.Steps)
        {
            if (comparison.Median(OwnProgram.NameOf(OwnProgram.DefaultHash), tree, operation) is var (_, _, megabytes, _))
            {
                string verdict = megabytes < Aim.PeakMegabytes ? "met" : "**not met**";
                text.AppendLine(CultureInfo.InvariantCulture, $"| {tree}, {operation}: less than {Aim.PeakMegabytes} MB | {megabytes:F0} MB | {verdict} |");
            }
        }

        text.AppendLine();
    }

    private static void AppendCircumstances(StringBuilder text, Comparison comparison)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured {comparison.Date} on {comparison.Machine}. Medians; every figure is of a whole process.");
        text.AppendLine();
        foreach ((string program, string what) in comparison.Programs)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {program}: {what}");
        }

        foreach ((string program, string reason) in comparison.Missing)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {program}: not measured: {reason}");
        }

        foreach ((string tree, string what) in comparison.Trees)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {tree}: {what}");
        }
    }
}
