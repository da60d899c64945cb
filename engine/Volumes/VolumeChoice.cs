namespace BackupFunctions.Engine.Volumes;

/// <summary>Whether the data of a claim is backed up.</summary>
/// <param name="Take">Whether it is.</param>
/// <param name="Reason">Why, or why not; for people.</param>
/// <param name="PodName">A pod that mounts it, the one that decided where there is one; or null.</param>
/// <param name="VolumeName">The volume's name in that pod, or null.</param>
public sealed record VolumeChoice(bool Take, string Reason, string? PodName, string? VolumeName);
