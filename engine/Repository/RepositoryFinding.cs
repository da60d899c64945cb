using System.Globalization;
using System.Text;

namespace BackupFunctions.Engine.Repository;

/// <summary>One thing that verification or repair found. Never holds stored bytes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Severity">Whether something is lost by it.</param>
/// <param name="Blob">The blob; of objects whose blob is not known, the object.</param>
/// <param name="OffsetBytes">Where in the blob, if known.</param>
/// <param name="Expected">What the format demands.</param>
/// <param name="Found">What was there.</param>
public sealed record RepositoryFinding(FindingKind Kind, FindingSeverity Severity, string Blob, long? OffsetBytes, string Expected, string Found)
{
    /// <summary>The content that it is about, or null.</summary>
    public string? Content { get; init; }

    /// <summary>The first snapshot in which it was met, or null.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The file or directory, from the snapshot's root; null when it is not about one.</summary>
    public string? Path { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        if (Path is { } path)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? "(root)" : path)} of snapshot {Snapshot}: ");
        }
        else if (Snapshot is { } snapshot)
        {
            text.Append(CultureInfo.InvariantCulture, $"snapshot {snapshot}: ");
        }

        text.Append(CultureInfo.InvariantCulture, $"{Blob}{(OffsetBytes is { } offset ? $" at byte {offset}" : "")}");
        if (Content is { } content)
        {
            text.Append(CultureInfo.InvariantCulture, $" (content {content})");
        }

        return text.Append(CultureInfo.InvariantCulture, $": expected {Expected}, found {Found}").ToString();
    }

    internal static RepositoryFinding Of(FindingKind kind, FindingSeverity severity, RepositoryCorruptException damage) =>
        new(kind, severity, damage.Blob, damage.OffsetBytes, damage.Expected, damage.Found);
}
