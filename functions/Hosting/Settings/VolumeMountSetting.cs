namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Where this process sees an NFS export, or (with an empty server) a path of a node.</summary>
internal sealed record VolumeMountSetting(string Server, string ExportPath, string MountPath);
