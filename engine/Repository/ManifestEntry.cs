using System.Text.Json;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository;

/// <summary>One labelled JSON value of the repository. Entries never change: an update is a new entry and the old one's deletion.</summary>
/// <param name="Id">Its name; of a snapshot, the snapshot's id.</param>
/// <param name="Labels">What it is found by; always with the label <c>type</c>.</param>
/// <param name="Modified">When it was written.</param>
/// <param name="Json">Its value: UTF-8 JSON exactly as stored.</param>
public sealed record ManifestEntry(ManifestId Id, IReadOnlyDictionary<string, string> Labels, UnixNanos Modified, ReadOnlyMemory<byte> Json)
{
    /// <summary>The value as a document that the caller disposes.</summary>
    public JsonDocument ParseJson() => JsonDocument.Parse(Json);
}
