using System.Text;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Tests.Engine.Repository;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class RepositoryPoliciesTests
{
    private static readonly SnapshotSource Source = new("h", "u", "/srv/data");

    [Fact]
    public async Task Without_policies_nothing_is_compressed() =>
        Assert.Equal(ObjectCompression.None, (await FindAsync()).For("a.txt", 1000));

    [Fact]
    public async Task The_most_specific_policy_that_says_so_counts()
    {
        FileCompression found = await FindAsync(
            (Labels("global"), """{"retention":{"keepLatest":3},"compression":{"compressorName":"gzip","neverCompress":[".zip"],"minSize":100}}"""),
            (Labels("host", ("hostname", "other")), """{"compression":{"compressorName":"deflate-best-speed"}}"""),
            (Labels("user", ("hostname", "h"), ("username", "u")), """{"compression":{"minSize":10,"neverCompress":[".gz"],"onlyCompress":[".zip"]}}"""),
            (Labels("path", ("hostname", "h"), ("username", "u"), ("path", "/srv")), """{"compression":{"compressorName":"zstd","maxSize":5000}}"""));

        Assert.Equal("zstd", found.For("a.txt", 10).ToString());
        Assert.Equal("zstd", found.For("a.zip", 5000).ToString());
        Assert.Equal(
            ["none", "none", "none"],
            new[] { found.For("a.txt", 9), found.For("a.txt", 5001), found.For("a.tar.gz", 50) }.Select(static compression => compression.ToString()));
    }

    [Fact]
    public async Task A_policy_without_parents_ends_the_search()
    {
        FileCompression found = await FindAsync(
            (Labels("global"), """{"compression":{"compressorName":"gzip"}}"""),
            (Labels("path", ("hostname", "h"), ("username", "u"), ("path", "/srv/data")), """{"noParent":true,"compression":{"minSize":1}}"""));

        Assert.Equal(ObjectCompression.None, found.For("a", 1000));
    }

    [Fact]
    public async Task Lists_that_are_final_are_not_added_to()
    {
        FileCompression found = await FindAsync(
            (Labels("global"), """{"compression":{"compressorName":"gzip","neverCompress":[".zip"]}}"""),
            (Labels("host", ("hostname", "h")), """{"compression":{"neverCompress":[".gz"],"noParentNeverCompress":true}}"""));

        Assert.Equal(("gzip", "none"), (found.For("a.zip", 1).ToString(), found.For("a.gz", 1).ToString()));
    }

    [Theory]
    [InlineData("""{"compression":{"compressorName":"lz4"}}""", ErrorKind.Unsupported)]
    [InlineData("""{"compression":{"compressorName":7}}""", ErrorKind.Corrupt)]
    [InlineData("""[]""", ErrorKind.Corrupt)]
    public async Task A_policy_that_cannot_be_heeded_is_refused(string json, ErrorKind kind) =>
        Assert.Equal(kind, (await Assert.ThrowsAnyAsync<BackupException>(() => FindAsync((Labels("global"), json)))).Kind);

    private static async Task<FileCompression> FindAsync(params (Dictionary<string, string> Labels, string Json)[] policies)
    {
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore());
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        foreach ((Dictionary<string, string> labels, string json) in policies)
        {
            session.PutManifest(labels, Encoding.UTF8.GetBytes(json));
        }

        await session.FlushAsync(CancellationToken.None);
        return await new RepositoryPolicies(repository).FindFileCompressionAsync(Source, CancellationToken.None);
    }

    private static Dictionary<string, string> Labels(string type, params (string Key, string Value)[] more) =>
        new([new("type", "policy"), new("policyType", type), .. more.Select(static label => KeyValuePair.Create(label.Key, label.Value))]);
}
