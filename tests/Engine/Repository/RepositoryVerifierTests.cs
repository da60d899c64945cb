using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Verification finds all damage, names it, and finds nothing where nothing is.</summary>
public sealed class RepositoryVerifierTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("LONG_TESTS") is { Length: > 0 };

    [Theory]
    [InlineData("default-v3")]
    [InlineData("velero")]
    [InlineData("legacy-v1")]
    [InlineData("gzip-rabinkarp-v2")]
    [InlineData("zstd-blake3-chacha")]
    public async Task What_Kopia_wrote_is_whole(string name)
    {
        RecordedRepository recorded = RecordedRepository.Load(name);
        await using KopiaRepository repository = await recorded.OpenAsync(recorded.OpenStore());

        VerificationReport report = await new SnapshotVerifier(repository).VerifyAsync(VerificationOptions.Full, null, CancellationToken.None);

        Assert.Empty(report.Findings);
        Assert.True(report.IsWhole);
        Assert.True(report.ContentsRead >= report.Contents && report.Contents > 0);
        Assert.Equal(recorded.SnapshotIds.Count, report.Snapshots);
        Assert.InRange(report.UncheckableBytes, 1, (32 + 4096) * report.Packs + 100);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(1)]
    public async Task Every_damaged_byte_of_every_blob_is_found_but_in_the_random_bytes_of_packs(int formatVersion)
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = await VerificationStore.CreateAsync(random, formatVersion);
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        VerificationReport whole = await VerificationStore.VerifyAsync(repository);
        Assert.True(whole.Findings.Count == 0, VerificationStore.Describe(whole));

        List<string> unseen = [];
        foreach (string name in store.Names)
        {
            Func<long, bool> isFree = await VerificationStore.FreeBytesAsync(store, repository, name);
            byte[] good = store.Get(name);
            foreach (int offset in Positions(random, good.Length).Where(offset => !isFree(offset)))
            {
                byte[] bad = [.. good];
                bad[offset] ^= (byte)(1 << random.Next(8));
                store.Set(name, bad);
                VerificationReport report = await VerificationStore.VerifyAsync(repository);
                if (!report.Findings.Any(finding => finding.Blob == name))
                {
                    unseen.Add($"{name} at {offset}: {bad[offset]:x2} for {good[offset]:x2}");
                }
            }

            store.Set(name, good);
        }

        Assert.Empty(unseen);
    }

    [Fact]
    public async Task Lost_and_cut_packs_are_found_without_reading_any()
    {
        MemoryBlobStore store = await VerificationStore.CreateAsync(TestSeed.Random(), 3);
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        string[] packs = [.. store.Names.Where(static name => name.StartsWith('p'))];
        store.Remove(packs[0]);
        store.Set(packs[1], store.Get(packs[1])[..500]);

        VerificationReport report = await VerificationStore.VerifyAsync(repository, new VerificationOptions());

        Assert.Equal([packs[0], packs[1]], report.Findings.Select(static finding => finding.Blob).Order(StringComparer.Ordinal));
        Assert.Equal([FindingKind.MissingPack, FindingKind.ShortPack], report.Findings.Select(static finding => finding.Kind).Order());
        Assert.Equal(0, report.ContentsRead);
    }

    [Fact]
    public async Task Leftovers_are_told_apart_from_damage()
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await RepositoryRun.WriteAsync(repository, "a", [RepositoryRun.RandomBytes(TestSeed.Random(), 1000)]);
        string pack = store.Names.First(static name => name.StartsWith('p'));
        store.Set("p0123456789abcdef0123456789abcdef-s0123456789abcdef100", store.Get(pack));
        store.Set("another thing", [1]);

        VerificationReport report = await VerificationStore.VerifyAsync(repository, new VerificationOptions());

        Assert.True(report.IsWhole);
        Assert.Equal([FindingKind.UnreferencedPack, FindingKind.UnknownBlob], report.Findings.Select(static finding => finding.Kind).Order());
    }

    [Fact]
    public async Task A_sample_reads_its_share()
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await RepositoryRun.WriteAsync(repository, "a", Enumerable.Range(0, 120).Select(_ => RepositoryRun.RandomBytes(random, 128 << 10)));

        VerificationReport report = await VerificationStore.VerifyAsync(repository, new VerificationOptions { ContentPercent = 30 });

        Assert.InRange(report.ContentsRead, 1, report.Contents * 6 / 10);
    }

    [Fact]
    public async Task Contents_are_read_in_few_large_requests_in_bounded_batches()
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await RepositoryRun.WriteAsync(repository, "a", Enumerable.Range(0, 2000).Select(_ => RepositoryRun.RandomBytes(random, 500)));
        int callsBefore = store.Calls;

        VerificationReport report = await VerificationStore.VerifyAsync(repository, VerificationOptions.Full with { BatchEntries = 700 });

        Assert.Equal(report.Contents, report.ContentsRead);
        Assert.InRange(store.Calls - callsBefore, 1, (int)(report.Blobs * 4));
    }

    [Fact]
    public async Task A_length_that_no_content_can_have_is_reported_and_not_read_whatever_lies_within_it()
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        BlobName pack = BlobName.Parse("p0123456789abcdef0123456789abcdef-s0");
        IndexEntry small = new(ContentId.Parse("0123456789abcdef0123456789abcdef"), pack, 1, false, 100, 128, 100, 0, 3, 0);
        IndexEntry large = new(ContentId.Parse("1123456789abcdef0123456789abcdef"), pack, 1, false, 50, 66 << 20, (66 << 20) - 28, 0, 3, 0);
        store.Set(pack.ToString(), new byte[67 << 20]);
        await repository.Index.PublishAsync([small, large], "s0", CancellationToken.None);
        await repository.RefreshAsync(CancellationToken.None);

        VerificationReport report = await VerificationStore.VerifyAsync(repository, new VerificationOptions { ContentPercent = 100 });

        Assert.Equal([$"{small.Id}", $"{large.Id}"], report.Findings.Where(static finding => finding.Kind == FindingKind.DamagedContent).Select(static finding => finding.Content).Order(StringComparer.Ordinal));
        Assert.InRange(report.BytesRead, 1, 1 << 20);
    }

    private static IEnumerable<int> Positions(Random random, int length)
    {
        const int Few = 150;
        return IsLong || length <= Few
            ? Enumerable.Range(0, length)
            : Enumerable.Range(0, 50).Concat(Enumerable.Range(length - 60, 60)).Concat(Enumerable.Range(0, 40).Select(_ => random.Next(length)));
    }
}
