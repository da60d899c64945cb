using System.IO.Compression;

namespace BackupFunctions.Tests.Engine.Catalog;

/// <summary>The buckets that the real Velero wrote.</summary>
internal static class VeleroFixture
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Fixtures", "velero");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Folder of a backup: t1, t3, t4 or v2.</summary>
    public static string BackupFolder(string backup) =>
        PathOf(backup == "v2" ? "volumes-bucket" : "namespace-bucket", "backups", backup);

    public static byte[] BackupFile(string backup, string file) => Read(Path.Combine(BackupFolder(backup), file));

    public static byte[] RestoreFile(string restore, string file) => Read(PathOf("namespace-bucket", "restores", restore, file));

    public static string DescribeText(string file) => File.ReadAllText(PathOf("describe", file));

    private static byte[] Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (!path.EndsWith(".gz", StringComparison.Ordinal) || path.EndsWith(".tar.gz", StringComparison.Ordinal))
        {
            return bytes;
        }

        using GZipStream unzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream plain = new();
        unzip.CopyTo(plain);
        return plain.ToArray();
    }
}
