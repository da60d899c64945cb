namespace BackupFunctions.Engine.Volumes;

/// <summary>One place where volumes' data is seen.</summary>
/// <param name="NfsServer">Server of the export, or null when <paramref name="Source"/> is a path on the nodes.</param>
/// <param name="Source">Export path or node path, without a slash at its end.</param>
/// <param name="LocalRoot">Absolute local folder that shows what lies below <paramref name="Source"/>.</param>
public sealed record VolumeMount(string? NfsServer, string Source, string LocalRoot)
{
    public override string ToString() => NfsServer is null ? $"{Source}={LocalRoot}" : $"{NfsServer}:{Source}={LocalRoot}";
}
