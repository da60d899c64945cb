using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Output;

/// <summary>Snapshots in a table and as JSON.</summary>
internal static class SnapshotTable
{
    public static string Of(IEnumerable<TreeSnapshot> snapshots)
    {
        TextTable table = new("ID", "STARTED", "SOURCE", "FILES", "SIZE", "NOTES");
        foreach (TreeSnapshot snapshot in snapshots)
        {
            table.Add(
                snapshot.Id.ToString(),
                HumanText.Time(snapshot.StartTime.ToDateTimeOffset()),
                snapshot.Source.ToString(),
                (snapshot.Root.Summary?.FileCount ?? 1).ToString(CultureInfo.InvariantCulture),
                HumanText.Bytes(snapshot.Root.Summary?.TotalBytes ?? snapshot.Root.LengthBytes),
                string.Join("; ", NotesOf(snapshot)));
        }

        return table.ToString();
    }

    public static JsonObject NodeOf(TreeSnapshot snapshot) => new()
    {
        ["id"] = snapshot.Id.ToString(),
        ["source"] = new JsonObject { ["userName"] = snapshot.Source.UserName, ["host"] = snapshot.Source.Host, ["path"] = snapshot.Source.Path },
        ["description"] = snapshot.Description,
        ["startTime"] = snapshot.StartTime.ToString(),
        ["endTime"] = snapshot.EndTime.ToString(),
        ["incomplete"] = snapshot.IncompleteReason,
        ["rootObject"] = snapshot.Root.ObjectId.ToString(),
        ["files"] = snapshot.Root.Summary?.FileCount,
        ["directories"] = snapshot.Root.Summary?.DirectoryCount,
        ["bytes"] = snapshot.Root.Summary?.TotalBytes,
        ["errors"] = snapshot.Root.Summary?.FailedCount,
        ["tags"] = new JsonObject(snapshot.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
        ["pins"] = new JsonArray([.. snapshot.Pins.Select(pin => (JsonNode?)pin)]),
    };

    private static IEnumerable<string> NotesOf(TreeSnapshot snapshot)
    {
        if (snapshot.IncompleteReason is { } reason)
        {
            yield return "incomplete: " + reason;
        }

        if (snapshot.Root.Summary is { FailedCount: > 0 } summary)
        {
            yield return HumanText.Count(summary.FailedCount, "error");
        }

        if (snapshot.Description.Length > 0)
        {
            yield return snapshot.Description;
        }

        foreach (string pin in snapshot.Pins)
        {
            yield return "pin " + pin;
        }
    }
}
