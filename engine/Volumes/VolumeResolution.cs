namespace BackupFunctions.Engine.Volumes;

/// <summary>Either the volume, or the reason why its data cannot be reached: exactly one of the two is set.</summary>
/// <param name="Volume">The volume, or null.</param>
/// <param name="SkipReason">For people: names claim and volume, says why, and which setting would help; or null.</param>
public sealed record VolumeResolution(ResolvedVolume? Volume, string? SkipReason);
