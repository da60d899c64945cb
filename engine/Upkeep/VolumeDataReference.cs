using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>One volume snapshot that a backup refers to.</summary>
internal readonly record struct VolumeDataReference(string Namespace, ManifestId Snapshot);
