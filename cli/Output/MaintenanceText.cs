using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Cli.Output;

/// <summary>What a maintenance did, in words and as JSON.</summary>
internal static class MaintenanceText
{
    public static string Of(MaintenanceReport report)
    {
        if (!report.WasDue)
        {
            return "Nothing is due. --full or --quick run all the same.\n";
        }

        StringBuilder text = new();
        foreach (MaintenanceTaskReport task in report.Tasks)
        {
            string said = task.Skipped is { } reason ? $"skipped: {reason}" : string.Join(", ", task.Figures.Where(static figure => figure.Count != 0).Select(TextOf));
            text.Append(CultureInfo.InvariantCulture, $"{task.Task}: {(said.Length == 0 ? "nothing to do" : said)}\n");
            foreach (string problem in task.Problems)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {HumanText.OneLine(problem)}\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"{report.Mode} maintenance deleted {HumanText.Count(report.DeletedBlobs, "blob")} and freed {HumanText.Bytes(report.FreedBytes)}.\n").ToString();
    }

    public static JsonObject NodeOf(MaintenanceReport report) => new()
    {
        ["mode"] = report.WasDue ? report.Mode.ToString() : null,
        ["deletedBlobs"] = report.DeletedBlobs,
        ["freedBytes"] = report.FreedBytes,
        ["tasks"] = new JsonArray([.. report.Tasks.Select(static JsonNode? (task) => new JsonObject
        {
            ["task"] = task.Task,
            ["skipped"] = task.Skipped,
            ["deletedBlobs"] = task.DeletedBlobs,
            ["freedBytes"] = task.FreedBytes,
            ["figures"] = new JsonArray([.. task.Figures.Select(static JsonNode? (figure) => new JsonObject { ["name"] = figure.Name, ["count"] = figure.Count, ["bytes"] = figure.Bytes })]),
            ["problems"] = new JsonArray([.. task.Problems.Select(static JsonNode? (problem) => JsonValue.Create(problem))]),
        })]),
    };

    private static string TextOf(MaintenanceFigure figure) => string.Create(
        CultureInfo.InvariantCulture, $"{figure.Name} {figure.Count}{(figure.Bytes is { } bytes ? $" ({HumanText.Bytes(bytes)})" : "")}");
}
