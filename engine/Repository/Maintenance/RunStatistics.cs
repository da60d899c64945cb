using System.Buffers;
using System.Text.Json;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// What a task counted, as Kopia records it beside a run since v0.22: <c>[{"kind":…,"data":{"deletedPackCount":…,"deletedPackSize":…}}]</c>
/// (repo/maintenancestats, v0.23.1). Kopia ignores members that it does not know.
/// </summary>
internal static class RunStatistics
{
    public static JsonElement? Of(MaintenanceTaskReport report)
    {
        if (KindOf(report.Task) is not { } kind)
        {
            return null;
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("kind"u8, kind);
            json.WriteStartObject("data"u8);
            foreach (MaintenanceFigure figure in report.Figures)
            {
                json.WriteNumber(figure.Name + "Count", figure.Count);
                if (figure.Bytes is { } bytes)
                {
                    json.WriteNumber(SizeNameOf(figure.Name), bytes);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>Sizes of packs lack the word in Kopia's records.</summary>
    private static string SizeNameOf(string figure) => figure.EndsWith("Pack", StringComparison.Ordinal) ? figure[..^"Pack".Length] + "TotalSize" : figure + "Size";

    /// <summary>Only kinds whose members have the names of our figures; other runs are recorded without.</summary>
    private static string? KindOf(string task) => task switch
    {
        TaskNames.SnapshotGc => "snapshotGCStats",
        TaskNames.FullDeleteBlobs or TaskNames.QuickDeleteBlobs => "deleteUnreferencedPacksStats",
        TaskNames.FullRewriteContents or TaskNames.QuickRewriteContents => "rewriteContentsStats",
        _ => null,
    };
}
