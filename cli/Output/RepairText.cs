using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Cli.Output;

/// <summary>What a repair did or would do, in words and as JSON.</summary>
internal static class RepairText
{
    public static string Of(RepairReport report)
    {
        string would = report.IsDryRun ? "would be " : "";
        FactList facts = new();
        if (report.FormatRecoveredFrom is { } pack)
        {
            facts.Add("Format blob", $"{would}put back from its copy in {pack}{(report.IsDryRun ? "; the rest can only be looked at after that" : "")}");
        }

        if (report.EpochMarkerRestored is { } marker)
        {
            facts.Add("Epoch marker", $"{marker} {would}put back");
        }

        facts.Add("Packs", Text($"{report.PacksRead} looked at, {report.PacksUnreadable} with an unreadable index of their own, {report.PacksOfRunningSessions} left alone for their session may be running"));
        facts.Add("Index entries", Text($"{would}published: {report.ContentsRecovered} contents that no index named, {report.ContentsRelocated} whose pack is gone, {report.DeletionsRecovered} deletions"));
        foreach (string blob in report.DamagedIndexBlobs)
        {
            facts.Add("Damaged index", $"{blob} {would}moved out of the way");
        }

        foreach (string content in report.DamagedManifests)
        {
            facts.Add("Manifests", $"{content} cannot be read and {(report.AreManifestsForgotten ? would + "given up" : "stays; restore its blob from a replica, or give up its snapshots with --forget-damaged-manifests")}");
        }

        StringBuilder text = new(facts.ToString());
        foreach (FindingSeverity severity in (FindingSeverity[])[FindingSeverity.Damage, FindingSeverity.Harmless])
        {
            VerificationText.AddFindings(text, severity.ToString(), report.Findings, severity, report.Findings.Count(finding => finding.Severity == severity));
        }

        return text.Append(!report.IsNeeded ? "Nothing had to be repaired.\n" : report.IsDryRun ? "Nothing was changed; run it without --dry-run.\n" : "Repaired. Run 'backupctl repo verify' to see what is still missing.\n").ToString();
    }

    public static JsonObject NodeOf(RepairReport report) => new()
    {
        ["isDryRun"] = report.IsDryRun,
        ["isNeeded"] = report.IsNeeded,
        ["formatRecoveredFrom"] = report.FormatRecoveredFrom,
        ["epochMarkerRestored"] = report.EpochMarkerRestored,
        ["damagedIndexBlobs"] = new JsonArray([.. report.DamagedIndexBlobs.Select(static JsonNode? (blob) => blob)]),
        ["packsRead"] = report.PacksRead,
        ["packsUnreadable"] = report.PacksUnreadable,
        ["packsOfRunningSessions"] = report.PacksOfRunningSessions,
        ["contentsRecovered"] = report.ContentsRecovered,
        ["contentsRelocated"] = report.ContentsRelocated,
        ["deletionsRecovered"] = report.DeletionsRecovered,
        ["damagedManifests"] = new JsonArray([.. report.DamagedManifests.Select(static JsonNode? (content) => content)]),
        ["areManifestsForgotten"] = report.AreManifestsForgotten,
        ["indexBlobsWritten"] = report.IndexBlobsWritten,
        ["findings"] = VerificationText.NodesOf(report.Findings),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
