using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Cli.Output;

/// <summary>What a verification found, in words and as JSON.</summary>
internal static class VerificationText
{
    public static string Of(VerificationReport report)
    {
        FactList facts = new FactList()
            .Add("Blobs", $"{HumanText.Count(report.Blobs, "blob")}, {HumanText.Bytes(report.StoredBytes)}, {HumanText.Count(report.Packs, "pack")} among them")
            .Add("Contents", string.Create(CultureInfo.InvariantCulture, $"{report.Contents} in the index, {report.ContentsRead} read"))
            .Add("Snapshots", string.Create(CultureInfo.InvariantCulture, $"{report.Snapshots}, with {report.Directories} different directories and {report.Files} files"));
        StringBuilder text = new(facts.ToString());
        AddFindings(text, "Damage", report.Findings, FindingSeverity.Damage, report.DamageCount);
        AddFindings(text, "Harmless", report.Findings, FindingSeverity.Harmless, report.HarmlessCount);
        if (report.CountByKind.ContainsKey(FindingKind.UnreferencedPack) || report.CountByKind.ContainsKey(FindingKind.UnindexedContents))
        {
            text.Append("Packs that no index names are left by interrupted backups. If index blobs may have been lost, 'backupctl repo repair --dry-run' tells what is in them.\n");
        }

        return text.Append(report.IsWhole ? "No damage was found.\n" : "The repository is damaged. 'backupctl repo repair --dry-run' tells what can be repaired; what is whole can be restored.\n").ToString();
    }

    public static string Progress(VerificationProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Step}{(progress.Total is { } total ? $" {progress.Done}/{total}" : progress.Done > 0 ? $" {progress.Done}" : "")}{(progress.DamageCount > 0 ? $", damage: {progress.DamageCount}" : "")}");

    public static JsonObject NodeOf(VerificationReport report) => new()
    {
        ["isWhole"] = report.IsWhole,
        ["damageCount"] = report.DamageCount,
        ["harmlessCount"] = report.HarmlessCount,
        ["blobs"] = report.Blobs,
        ["storedBytes"] = report.StoredBytes,
        ["packs"] = report.Packs,
        ["contents"] = report.Contents,
        ["contentsRead"] = report.ContentsRead,
        ["bytesRead"] = report.BytesRead,
        ["uncheckableBytes"] = report.UncheckableBytes,
        ["snapshots"] = report.Snapshots,
        ["directories"] = report.Directories,
        ["files"] = report.Files,
        ["countByKind"] = new JsonObject(report.CountByKind.OrderBy(static count => count.Key).Select(static count => KeyValuePair.Create(count.Key.ToString(), (JsonNode?)count.Value))),
        ["findings"] = NodesOf(report.Findings),
    };

    public static JsonArray NodesOf(IEnumerable<RepositoryFinding> findings) => [.. findings.Select(static JsonNode? (finding) => new JsonObject
    {
        ["kind"] = finding.Kind.ToString(),
        ["severity"] = finding.Severity.ToString(),
        ["blob"] = finding.Blob,
        ["offset"] = finding.OffsetBytes,
        ["content"] = finding.Content,
        ["snapshot"] = finding.Snapshot,
        ["path"] = finding.Path,
        ["expected"] = finding.Expected,
        ["found"] = finding.Found,
    })];

    public static void AddFindings(StringBuilder text, string title, IEnumerable<RepositoryFinding> findings, FindingSeverity severity, long count)
    {
        if (count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"{title}: {count}\n");
        long told = 0;
        foreach (RepositoryFinding finding in findings.Where(finding => finding.Severity == severity))
        {
            text.Append("  ").AppendJoin("", finding.ToString().Select(static c => char.IsControl(c) ? ' ' : c)).Append('\n');
            told++;
        }

        if (told < count)
        {
            text.Append(CultureInfo.InvariantCulture, $"  and {count - told} more\n");
        }
    }
}
