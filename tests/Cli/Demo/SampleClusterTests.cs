using System.Security.Cryptography;
using BackupFunctions.Cli.Demo;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Tests.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Cli.Demo;

public sealed class SampleClusterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_same_seed_gives_the_same_files()
    {
        SampleVolumesSummary first = await CreateAsync("first", 1);
        await CreateAsync("second", 1);
        SortedDictionary<string, string> described = Describe("first");
        Assert.Equal(described, Describe("second"));
        Assert.Equal(8, first.Volumes);
        Assert.InRange(first.Files, 2000, 5000);
        Assert.InRange(first.Bytes, 60L << 20, 200L << 20);
        Assert.Contains(described.Keys, name => name.Contains("夏の庭", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_seed_gives_other_bytes()
    {
        await CreateAsync("first", 1);
        await CreateAsync("second", 2);
        Assert.NotEqual(Describe("first"), Describe("second"));
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_left_alone()
    {
        string mine = Path.Combine(folder.Path, "mine");
        await File.WriteAllTextAsync(mine, "x");
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => SampleCluster.CreateAsync(SampleCluster.DefaultSource, folder.Path, 1, default));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        Assert.Equal([mine], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    public void Dispose() => folder.Dispose();

    private Task<SampleVolumesSummary> CreateAsync(string name, int seed) =>
        SampleCluster.CreateAsync(SampleCluster.DefaultSource, Path.Combine(folder.Path, name), seed, default);

    private SortedDictionary<string, string> Describe(string name)
    {
        string root = Path.Combine(folder.Path, name, "volumes");
        SortedDictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach (FileSystemInfo entry in new DirectoryInfo(root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            string content = entry switch
            {
                { LinkTarget: { } target } => "-> " + target,
                FileInfo file => Hash(file) + entry.LastWriteTimeUtc.Ticks,
                _ => entry.LastWriteTimeUtc.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
            entries.Add(Path.GetRelativePath(root, entry.FullName), entry.LinkTarget is null ? $"{content} {entry.UnixFileMode}" : content);
        }

        return entries;
    }

    private static string Hash(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
