namespace BackupFunctions.Engine.Volumes;

/// <summary>A volume whose data can be reached.</summary>
/// <param name="Path">Local folder that is the volume's root.</param>
/// <param name="Strategy">How it is reached; <c>mount</c>.</param>
/// <param name="PvName">Name of the PersistentVolume.</param>
public sealed record ResolvedVolume(string Path, string Strategy, string PvName);
