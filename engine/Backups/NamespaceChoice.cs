namespace BackupFunctions.Engine.Backups;

/// <summary>Which namespaces a backup takes.</summary>
/// <param name="Chosen">Existing ones, sorted.</param>
/// <param name="Missing">Included by name but not there, sorted.</param>
/// <param name="IsEverything">Whether nothing was left out by a filter.</param>
internal sealed record NamespaceChoice(IReadOnlyList<string> Chosen, IReadOnlyList<string> Missing, bool IsEverything);
