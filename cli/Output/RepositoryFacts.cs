using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Cli.Output;

/// <summary>What a repository is like, in words and as JSON.</summary>
internal static class RepositoryFacts
{
    public static FactList Of(RepositoryFormat format)
    {
        FactList facts = new FactList()
            .Add("Unique id", format.UniqueId)
            .Add("Format", string.Create(CultureInfo.InvariantCulture, $"version {format.FormatVersion}, index version {format.IndexVersion}, {(format.HasEpochs ? "epochs" : "no epochs")}"))
            .Add("Hash", format.Hash)
            .Add("Encryption", format.Encryption)
            .Add("Splitter", format.Splitter)
            .Add("Key derivation", format.KeyDerivation)
            .Add("Pack size", HumanText.Bytes(format.MaxPackBytes));
        return format.RetentionMode is { } mode ? facts.Add("Object lock", $"{mode} for {HumanText.Short(format.RetentionPeriod)}") : facts;
    }

    public static JsonObject NodeOf(RepositoryFormat format) => new()
    {
        ["uniqueId"] = format.UniqueId,
        ["formatVersion"] = format.FormatVersion,
        ["indexVersion"] = format.IndexVersion,
        ["hasEpochs"] = format.HasEpochs,
        ["hash"] = format.Hash,
        ["encryption"] = format.Encryption,
        ["splitter"] = format.Splitter,
        ["keyDerivation"] = format.KeyDerivation,
        ["maxPackBytes"] = format.MaxPackBytes,
        ["retentionMode"] = format.RetentionMode,
        ["retentionSeconds"] = (long)format.RetentionPeriod.TotalSeconds,
    };

    public static string TextOf(BlobUsage blobs) => $"{HumanText.Count(blobs.Count, "blob")}, {HumanText.Bytes(blobs.Bytes)}";

    public static JsonObject NodeOf(BlobUsage blobs) => new() { ["blobs"] = blobs.Count, ["bytes"] = blobs.Bytes };

    /// <summary>The owner, and when the next full maintenance is due.</summary>
    public static string TextOf(MaintenanceStatus maintenance)
    {
        string owner = maintenance.Owner ?? "anybody (it has no owner)";
        return maintenance switch
        {
            { FullInterval: null } => $"{owner}; full maintenance is switched off",
            { NextFull: { } next } => $"{owner}; full maintenance is due at {HumanText.Time(next.ToDateTimeOffset())}",
            _ => $"{owner}; not maintained yet",
        };
    }

    public static JsonObject NodeOf(MaintenanceStatus maintenance) => new()
    {
        ["owner"] = maintenance.Owner,
        ["nextQuick"] = maintenance.NextQuick?.ToString(),
        ["nextFull"] = maintenance.NextFull?.ToString(),
    };
}
