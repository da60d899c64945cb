using System.Globalization;
using System.Net;
using System.Text;

namespace BackupFunctions.Bench.Compare;

/// <summary>The figures as a picture (SVG): one row of bars for each step, seconds on the left and peak memory on the right.</summary>
internal static class ResultPlot
{
    private const int Width = 960, NameWidth = 180, ChartWidth = 290, Gap = 90, BarHeight = 16, BarStep = 22, Top = 74, StepGap = 62;
    private const int SecondsLeft = NameWidth + 10, MemoryLeft = SecondsLeft + ChartWidth + Gap;

    private const string Style = """
          <style>
            text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 13px; fill: #1f2933; }
            .title { font-size: 17px; font-weight: 600; }
            .step { font-size: 14px; font-weight: 600; }
            .note { font-size: 12px; fill: #52606d; }
            .panel { fill: #f7f9fb; }
            .grid { stroke: #d3dae1; stroke-width: 1; }
            .axis { stroke: #7b8794; stroke-width: 1.2; }
            .own { fill: #2f6fab; }
            .peer { fill: #8a94a0; }
            .reference { fill: none; stroke: #b4540a; stroke-width: 1.5; stroke-dasharray: 4 3; }
            .limit { stroke: #2e7d4f; stroke-width: 1.5; stroke-dasharray: 6 4; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e4e7eb; }
              .note { fill: #a9b4c0; }
              .panel { fill: #12181f; }
              .grid { stroke: #2c3743; }
              .own { fill: #5a9fd6; }
              .peer { fill: #75808c; }
              .reference { stroke: #f0a35e; }
              .limit { stroke: #58b07c; }
            }
          </style>
        """;

    public static string Write(Comparison comparison)
    {
        StringBuilder body = new();
        int y = Top;
        foreach ((string tree, string operation) in Comparison.Steps)
        {
            List<Bar> bars = BarsOf(comparison, tree, operation);
            if (bars.Count > 0)
            {
                y = AppendStep(body, $"{tree}: {operation}", bars, y);
            }
        }

        int height = y + 16;
        string description = "For each operation the seconds and the peak memory of every program, as bars from zero; shorter is better.";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" role="img" aria-labelledby="title description">
              <title id="title">Backup programs side by side</title>
              <desc id="description">{description}</desc>
            {Style}
              <rect class="panel" width="{Width}" height="{height}" rx="10"/>
              <text class="title" x="24" y="32">Whole processes side by side; shorter is better</text>
              <text class="note" x="24" y="52">{Escape($"{comparison.Machine}; {comparison.Date}. Dashed bars: measured elsewhere, in another run. Dashed line: aim for memory, {Aim.PeakMegabytes} MB.")}</text>
            {body}</svg>

            """);
    }

    private static List<Bar> BarsOf(Comparison comparison, string tree, string operation)
    {
        List<Bar> bars = [];
        foreach (string program in comparison.Programs.Keys)
        {
            if (comparison.Median(program, tree, operation) is var (seconds, _, megabytes, _))
            {
                bars.Add(new Bar(program, seconds, megabytes, program.StartsWith("backupctl", StringComparison.Ordinal) ? "own" : "peer"));
            }
        }

        if (bars.Count > 0 && Reference.Find(tree, operation) is { } reference)
        {
            bars.Add(new Bar("kopia 0.23.1, elsewhere", reference.KopiaSeconds, reference.KopiaMegabytes, "reference"));
        }

        return bars;
    }

    private static int AppendStep(StringBuilder body, string title, List<Bar> bars, int top)
    {
        int bottom = top + 26 + (bars.Count * BarStep);
        body.AppendLine(CultureInfo.InvariantCulture, $"  <text class=\"step\" x=\"24\" y=\"{top + 12}\">{Escape(title)}</text>");
        double secondsEnd = AppendAxis(body, "seconds", bars.Max(static bar => bar.Seconds), SecondsLeft, top + 22, bottom);
        double memoryEnd = AppendAxis(body, "MB at the peak", Math.Max(Aim.PeakMegabytes, bars.Max(static bar => bar.Megabytes)), MemoryLeft, top + 22, bottom);
        double limit = MemoryLeft + (ChartWidth * Aim.PeakMegabytes / memoryEnd);
        body.AppendLine(CultureInfo.InvariantCulture, $"  <line class=\"limit\" x1=\"{limit:F1}\" y1=\"{top + 22}\" x2=\"{limit:F1}\" y2=\"{bottom}\"/>");
        for (int i = 0; i < bars.Count; i++)
        {
            Bar bar = bars[i];
            int y = top + 26 + (i * BarStep);
            body.AppendLine(CultureInfo.InvariantCulture, $"  <text class=\"note\" x=\"{NameWidth}\" y=\"{y + 12}\" text-anchor=\"end\">{Escape(bar.Name)}</text>");
            AppendBar(body, bar.Style, bar.Seconds / secondsEnd, bar.Seconds.ToString(bar.Seconds < 10 ? "F2" : "F1", CultureInfo.InvariantCulture) + " s", SecondsLeft, y);
            AppendBar(body, bar.Style, bar.Megabytes / memoryEnd, bar.Megabytes.ToString("F0", CultureInfo.InvariantCulture) + " MB", MemoryLeft, y);
        }

        return bottom + StepGap;
    }

    private static void AppendBar(StringBuilder body, string style, double share, string label, int left, int y)
    {
        double width = Math.Max(1, ChartWidth * share);
        body.AppendLine(CultureInfo.InvariantCulture, $"  <rect class=\"{style}\" x=\"{left}\" y=\"{y}\" width=\"{width:F1}\" height=\"{BarHeight}\" rx=\"2\"/>");
        body.AppendLine(CultureInfo.InvariantCulture, $"  <text class=\"note\" x=\"{left + width + 6:F1}\" y=\"{y + 12}\">{label}</text>");
    }

    /// <returns>The value at the axis' right end.</returns>
    private static double AppendAxis(StringBuilder body, string unit, double greatest, int left, int top, int bottom)
    {
        double step = TickStep(greatest);
        double end = Math.Ceiling(greatest / step) * step;
        for (int tick = 0; tick <= (int)Math.Round(end / step); tick++)
        {
            double x = left + (ChartWidth * tick * step / end);
            body.AppendLine(CultureInfo.InvariantCulture, $"  <line class=\"grid\" x1=\"{x:F1}\" y1=\"{top}\" x2=\"{x:F1}\" y2=\"{bottom}\"/>");
            body.AppendLine(CultureInfo.InvariantCulture, $"  <text class=\"note\" x=\"{x:F1}\" y=\"{bottom + 15}\" text-anchor=\"middle\">{tick * step:0.###}</text>");
        }

        body.AppendLine(CultureInfo.InvariantCulture, $"  <line class=\"axis\" x1=\"{left}\" y1=\"{bottom}\" x2=\"{left + ChartWidth}\" y2=\"{bottom}\"/>");
        body.AppendLine(CultureInfo.InvariantCulture, $"  <text class=\"note\" x=\"{left + (ChartWidth / 2)}\" y=\"{bottom + 31}\" text-anchor=\"middle\">{unit}</text>");
        return end;
    }

    /// <summary>1, 2 or 5 times a power of ten, so that there are about five ticks.</summary>
    private static double TickStep(double greatest)
    {
        double raw = greatest / 4;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return (raw / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private sealed record Bar(string Name, double Seconds, double Megabytes, string Style);
}
