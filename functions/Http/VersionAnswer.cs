namespace BackupFunctions.App.Http;

/// <summary>The app's version.</summary>
internal sealed record VersionAnswer(string Version);
