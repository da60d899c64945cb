using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>What a snapshot was taken of. Snapshots of one source follow each other.</summary>
/// <param name="Host">Name of the host; not empty.</param>
/// <param name="UserName">Name of the user; not empty.</param>
/// <param name="Path">The path; not empty, need not exist anywhere.</param>
public sealed record SnapshotSource(string Host, string UserName, string Path)
{
    /// <summary>Reads <c>user@host:path</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SnapshotSource? source)
    {
        int at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        int colon = at < 0 ? -1 : text!.IndexOf(':', at); // a text with an '@' is not null
        bool isWhole = at > 0 && colon > at + 1 && colon < text!.Length - 1;
        source = isWhole ? new SnapshotSource(text![(at + 1)..colon], text[..at], text[(colon + 1)..]) : null;
        return isWhole;
    }

    /// <summary>As Kopia shows it.</summary>
    public override string ToString() => $"{UserName}@{Host}:{Path}";
}
