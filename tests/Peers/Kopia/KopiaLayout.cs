namespace BackupFunctions.Tests.Peers.Kopia;

/// <summary>
/// Moves a repository's blobs between the two ways in which they lie in a folder: flat, as in a bucket and as this project keeps
/// them, and as the kopia program does (kopia v0.23.1 repo/blob/sharded): names longer than 20 characters in folders of their
/// first 1 and next 3 characters, every file with the suffix <c>.f</c>. Files are renamed, so that their times, by which
/// maintenance judges, stay.
/// </summary>
internal static class KopiaLayout
{
    private const string Suffix = ".f";
    private const string ShardsFile = ".shards";
    private const string Shards = """{"default":[1,3],"maxNonShardedLength":20}""";
    private const int MaxNonShardedLength = 20;
    private static readonly int[] ShardLengths = [1, 3];

    /// <summary>Where a blob lies below the root.</summary>
    public static string PathOf(string blob)
    {
        if (blob.Length <= MaxNonShardedLength)
        {
            return blob + Suffix;
        }

        List<string> parts = [];
        foreach (int length in ShardLengths.TakeWhile(length => blob.Length > length))
        {
            parts.Add(blob[..length]);
            blob = blob[length..];
        }

        return string.Join('/', [.. parts, blob + Suffix]);
    }

    /// <summary>The blob that lies at a path below the root, or null when it is none.</summary>
    public static string? BlobAt(string path) =>
        path.EndsWith(Suffix, StringComparison.Ordinal) ? path[..^Suffix.Length].Replace("/", "", StringComparison.Ordinal) : null;

    /// <summary>From flat to kopia's own.</summary>
    public static void Shard(string folder)
    {
        DeleteOwnTemporaries(folder);
        foreach (string file in Directory.GetFiles(folder))
        {
            string target = Path.Combine(folder, PathOf(Path.GetFileName(file)));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? folder);
            File.Move(file, target);
        }

        File.WriteAllText(Path.Combine(folder, ShardsFile), Shards);
    }

    /// <summary>From kopia's own, whatever its shards are, to flat.</summary>
    public static void Flatten(string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "*" + Suffix, SearchOption.AllDirectories))
        {
            if (BlobAt(Path.GetRelativePath(folder, file)) is { } blob)
            {
                File.Move(file, Path.Combine(folder, blob));
            }
        }

        File.Delete(Path.Combine(folder, ShardsFile));
        foreach (string shard in Directory.GetDirectories(folder))
        {
            Directory.Delete(shard, recursive: true);
        }
    }

    /// <summary>The folder of this project's unfinished writes, which is empty between runs.</summary>
    private static void DeleteOwnTemporaries(string folder)
    {
        string temporaries = Path.Combine(folder, ".tmp");
        if (Directory.Exists(temporaries))
        {
            Directory.Delete(temporaries);
        }
    }
}
