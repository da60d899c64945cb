namespace BackupFunctions.Bench.Compare;

/// <summary>Compares two trees of directories and files: names, lengths, permissions, modification times and every byte.</summary>
internal static class TreeDifference
{
    private const int ReadBytes = 1 << 20;

    /// <returns>What differs first, or null when the trees are equal.</returns>
    public static string? Find(string expected, string actual)
    {
        byte[] left = new byte[ReadBytes];
        byte[] right = new byte[ReadBytes];
        return FindIn(new DirectoryInfo(expected), new DirectoryInfo(actual), left, right);
    }

    private static string? FindIn(DirectoryInfo expected, DirectoryInfo actual, byte[] left, byte[] right)
    {
        List<FileSystemInfo> expectedEntries = Entries(expected);
        List<FileSystemInfo> actualEntries = Entries(actual);
        if (!expectedEntries.Select(static entry => entry.Name).SequenceEqual(actualEntries.Select(static entry => entry.Name), StringComparer.Ordinal))
        {
            return $"{actual.FullName} has {actualEntries.Count} entries, not the {expectedEntries.Count} of {expected.FullName}";
        }

        foreach ((FileSystemInfo one, FileSystemInfo other) in expectedEntries.Zip(actualEntries))
        {
            string? difference = (one, other) switch
            {
                _ when one.UnixFileMode != other.UnixFileMode => $"{other.FullName} has the mode {other.UnixFileMode}, not {one.UnixFileMode}",
                _ when one.LastWriteTimeUtc != other.LastWriteTimeUtc => $"{other.FullName} has the time {other.LastWriteTimeUtc:O}, not {one.LastWriteTimeUtc:O}",
                (DirectoryInfo first, DirectoryInfo second) => FindIn(first, second, left, right),
                (FileInfo first, FileInfo second) => FindIn(first, second, left, right),
                _ => $"{other.FullName} is of another kind",
            };
            if (difference is not null)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? FindIn(FileInfo expected, FileInfo actual, byte[] left, byte[] right)
    {
        if (expected.Length != actual.Length)
        {
            return $"{actual.FullName} has {actual.Length} bytes, not {expected.Length}";
        }

        using FileStream one = new(expected.FullName, new FileStreamOptions { BufferSize = 0 });
        using FileStream other = new(actual.FullName, new FileStreamOptions { BufferSize = 0 });
        int read;
        while ((read = one.ReadAtLeast(left, left.Length, throwOnEndOfStream: false)) > 0)
        {
            if (other.ReadAtLeast(right.AsSpan(0, read), read, throwOnEndOfStream: false) != read || !left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, read)))
            {
                return $"{actual.FullName} has other bytes";
            }
        }

        return null;
    }

    private static List<FileSystemInfo> Entries(DirectoryInfo folder) =>
        [.. folder.EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal)];
}
