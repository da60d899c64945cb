using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Output;

/// <summary>What is in a repository and what it takes, in words and as JSON.</summary>
internal sealed class StatisticsReport(RepositoryStatistics contents, RepositoryStatus blobs, IReadOnlyList<TreeSnapshot> snapshots)
{
    private readonly long snapshotBytes = snapshots.Sum(snapshot => snapshot.Root.Summary?.TotalBytes ?? snapshot.Root.LengthBytes);

    private IEnumerable<(string Name, ContentUsage Usage)> Kinds =>
    [
        ("file data", contents.FileData), ("directories", contents.Directories), ("manifests", contents.Manifests),
        ("lists", contents.Lists), ("others", contents.Others), ("deleted", contents.Deleted),
    ];

    public override string ToString()
    {
        TextTable table = new("CONTENTS", "COUNT", "BYTES", "STORED", "RATIO");
        foreach ((string name, ContentUsage usage) in Kinds.Append(("all but deleted", contents.All)))
        {
            table.Add(
                name, usage.Count.ToString(CultureInfo.InvariantCulture), HumanText.Bytes(usage.Bytes), HumanText.Bytes(usage.StoredBytes), RatioText(usage.Bytes, usage.StoredBytes));
        }

        FactList facts = new FactList()
            .Add("Snapshots", $"{snapshots.Count} with {HumanText.Bytes(snapshotBytes)} of files")
            .Add("Deduplication", $"{(contents.FileData.Bytes == 0 ? "-" : RatioText(snapshotBytes, contents.FileData.Bytes))} (files in all snapshots to file data)")
            .Add("Compression", $"{RatioText(contents.All.Bytes, contents.All.StoredBytes)} ({contents.CompressedCount} of {HumanText.Count(contents.All.Count, "content")} compressed)")
            .Add("Data packs", RepositoryFacts.TextOf(blobs.DataPacks))
            .Add("Metadata packs", RepositoryFacts.TextOf(blobs.MetadataPacks))
            .Add("Index", RepositoryFacts.TextOf(blobs.IndexBlobs))
            .Add("Unused in packs", HumanText.Bytes(UnusedBytes));
        return $"{table}\n{facts}";
    }

    public JsonObject ToNode() => new()
    {
        ["contents"] = new JsonObject(Kinds.Select(kind => KeyValuePair.Create(
            JsonNameOf(kind.Name),
            (JsonNode?)new JsonObject { ["count"] = kind.Usage.Count, ["bytes"] = kind.Usage.Bytes, ["storedBytes"] = kind.Usage.StoredBytes }))),
        ["compressedContents"] = contents.CompressedCount,
        ["snapshots"] = snapshots.Count,
        ["snapshotBytes"] = snapshotBytes,
        ["deduplicationRatio"] = Ratio(snapshotBytes, contents.FileData.Bytes),
        ["compressionRatio"] = Ratio(contents.All.Bytes, contents.All.StoredBytes),
        ["dataPacks"] = RepositoryFacts.NodeOf(blobs.DataPacks),
        ["metadataPacks"] = RepositoryFacts.NodeOf(blobs.MetadataPacks),
        ["indexBlobs"] = RepositoryFacts.NodeOf(blobs.IndexBlobs),
        ["unusedPackBytes"] = UnusedBytes,
    };

    /// <summary>Bytes of packs that no content uses: padding, packs' own indexes, what was deleted, and what breaks in uploads left.</summary>
    private long UnusedBytes => Math.Max(0, blobs.DataPacks.Bytes + blobs.MetadataPacks.Bytes - contents.All.StoredBytes);

    private static string JsonNameOf(string name) => name == "file data" ? "fileData" : name;

    private static double? Ratio(long whole, long part) => part == 0 ? null : Math.Round((double)whole / part, 3);

    private static string RatioText(long whole, long part) => part == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(double)whole / part:0.00}");
}
