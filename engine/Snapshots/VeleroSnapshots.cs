using System.Buffers;
using System.Globalization;
using System.Text;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Identity, tags, pins and policy of Velero's snapshots (pkg/uploader/kopia/snapshot.go, v1.18.1).</summary>
internal static class VeleroSnapshots
{
    /// <summary>Host and user of all of Velero's snapshots.</summary>
    public const string Owner = "default";

    /// <summary>Who maintains the repositories that Velero sets up.</summary>
    public const string MaintenanceOwner = Owner + "@" + Owner;

    private const string RequesterTag = "snapshot-requester";
    private const string UploaderTag = "snapshot-uploader";
    private const string UploaderName = "kopia";
    private const string PodVolumeRequester = "snapshot-pod-volume";

    public static SnapshotDescription Describe(SnapshotSource source, IReadOnlyDictionary<string, string> extraTags)
    {
        Dictionary<string, string> tags = new(extraTags)
        {
            [RequesterTag] = PodVolumeRequester,
            [UploaderTag] = UploaderName,
        };
        return new SnapshotDescription(source, "Kopia Uploader", tags, ["velero-pin"]);
    }

    /// <summary>Whether Velero, or we in its place, took the snapshot.</summary>
    public static bool IsOfVelero(TreeSnapshot snapshot) =>
        snapshot.Tags.ContainsKey(RequesterTag) && snapshot.Tags.GetValueOrDefault(UploaderTag) == UploaderName;

    public static Dictionary<string, string> PolicyLabels(SnapshotSource source) => new()
    {
        ["type"] = "policy",
        ["policyType"] = "path",
        ["hostname"] = source.Host,
        ["username"] = source.UserName,
        ["path"] = source.Path,
    };

    /// <summary>Keeps everything (Velero decides what goes), compresses nothing.</summary>
    public static ReadOnlyMemory<byte> PolicyJson(int parallelReads, long partBytes) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"retention":{"keepLatest":2147483647,"keepHourly":2147483647,"keepDaily":2147483647,"keepWeekly":2147483647,"keepMonthly":2147483647,"keepAnnual":2147483647},"files":{},"errorHandling":{"ignoreUnknownTypes":true},"scheduling":{"manual":true},"compression":{"compressorName":"none"},"metadataCompression":{},"splitter":{},"actions":{},"osSnapshots":{"volumeShadowCopy":{}},"logging":{"directories":{},"entries":{}},"upload":{"maxParallelFileReads":{{{parallelReads}}},"parallelUploadAboveSize":{{{partBytes}}}}}
        """));

    /// <summary>Who may run maintenance, and how often: Kopia's own defaults, which Velero keeps.</summary>
    public static ReadOnlyMemory<byte> MaintenanceJson(string owner)
    {
        ArrayBufferWriter<byte> output = new();
        output.Raw("{\"owner\":"u8);
        output.Text(owner);
        output.Raw("""
            ,"quick":{"enabled":true,"interval":3600000000000},"full":{"enabled":true,"interval":86400000000000},"logRetention":{"maxTotalSize":1073741824,"maxCount":10000,"maxAge":2592000000000000},"extendObjectLocks":false,"listParallelism":0}
            """u8);
        return output.WrittenMemory;
    }

    /// <summary>The blob by which Velero 1.18 knows a repository that is set up.</summary>
    public static ReadOnlyMemory<byte> ReadinessJson(string uniqueId)
    {
        ArrayBufferWriter<byte> output = new();
        output.Raw("{\"uniqueID\":"u8);
        output.Text(uniqueId);
        output.Raw("}"u8);
        return output.WrittenMemory;
    }
}
