using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Compression of file data: by contents with index version 2, by objects with version 1.</summary>
public sealed class FileCompressionTests
{
    private static readonly ObjectCompression Zstd = ObjectCompression.Parse("zstd");

    [Theory]
    [InlineData(3, false)]
    [InlineData(1, true)]
    public async Task What_gets_shorter_is_compressed_and_what_does_not_is_not(int version, bool byObject)
    {
        byte[] text = Text(3000), random = RepositoryRun.RandomBytes(TestSeed.Random(), 3000);
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore(), new() { FormatVersion = version });
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);

        ObjectId shorter = await session.WriteObjectAsync(text, ObjectKind.File, Zstd, CancellationToken.None);
        ObjectId same = await session.WriteObjectAsync(random, ObjectKind.File, Zstd, CancellationToken.None);
        ObjectId tiny = await session.WriteObjectAsync("aaaa"u8.ToArray(), ObjectKind.File, Zstd, CancellationToken.None);
        ObjectId none = await session.WriteObjectAsync(ReadOnlyMemory<byte>.Empty, ObjectKind.File, Zstd, CancellationToken.None);
        ObjectId plain = await session.WriteObjectAsync(Text(2000), ObjectKind.File, CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);

        IndexEntry[] entries = [.. new[] { shorter, same, tiny, none, plain }.Select(id => EntryOf(repository, id))];
        Assert.Equal([byObject, false, false, false, false], new[] { shorter, same, tiny, none, plain }.Select(static id => id.IsCompressed));
        Assert.Equal([byObject ? 0 : 0x1100u, 0u, 0u, 0u, 0u], entries.Select(static entry => entry.CompressionHeader));
        Assert.InRange(entries[0].PackedBytes, 30u, 1000u);
        Assert.Equal(byObject ? entries[0].PackedBytes - 28 : 3000, entries[0].OriginalBytes);
        Assert.Equal(text, await RepositoryRun.ReadAsync(repository, shorter));
        Assert.Equal(random, await RepositoryRun.StreamAsync(repository, same));
    }

    [Fact]
    public async Task Compression_does_not_keep_equal_bytes_from_being_stored_once()
    {
        byte[] text = Text(500_000);
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore());
        await RepositoryRun.WriteAsync(repository, "plain", [text]);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);

        await session.WriteObjectAsync(new MemoryStream(text), ObjectKind.File, Zstd, CancellationToken.None);

        Assert.Equal(0, session.Statistics.NewContents);
    }

    [Theory]
    [InlineData(1, new uint[] { 0, 0, 0 })]
    [InlineData(2, new uint[] { 0x1101, 0, 0x1101 })] // k, m (which is gzip already), x
    public async Task Directories_and_lists_are_compressed_by_their_contents_or_not_at_all(int version, uint[] expected)
    {
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore(), new() { FormatVersion = version, Splitter = RepositoryRun.Splitter });
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        ObjectId file = await session.WriteObjectAsync(new MemoryStream(Text(300_000)), ObjectKind.File, Zstd, CancellationToken.None);
        ObjectId directory = await session.WriteObjectAsync(Text(3000), ObjectKind.Directory, Zstd, CancellationToken.None);
        session.PutManifest(RepositoryRun.Labels(), "{}"u8.ToArray());
        await session.FlushAsync(CancellationToken.None);

        Assert.Equal((1, 'x'), (file.Indirections, file.Content.Prefix));
        Assert.False(directory.IsCompressed);
        IEnumerable<IndexEntry> metadata = repository.Index.Current.Entries(prefix: null).Where(static entry => entry.Id.HasPrefix);
        Assert.Equal(expected, metadata.OrderBy(static entry => entry.Id.Prefix).Select(static entry => entry.CompressionHeader));
        Assert.Equal(Text(300_000), await RepositoryRun.StreamAsync(repository, file));
    }

    [Fact]
    public async Task Parts_that_are_compressed_are_joined_like_others()
    {
        byte[] first = Text(400_000), second = Text(3000);
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore(), new() { FormatVersion = 1, Splitter = RepositoryRun.Splitter });
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        ObjectId one = await session.WriteObjectAsync(first, ObjectKind.File, Zstd, CancellationToken.None);
        ObjectId two = await session.WriteObjectAsync(second, ObjectKind.File, Zstd, CancellationToken.None);

        ObjectId whole = await session.ConcatenateAsync([(one, first.Length), (two, second.Length)], CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);

        Assert.Equal((true, true), (two.IsCompressed, one.Indirections == 1));
        byte[] joined = await RepositoryRun.StreamAsync(repository, whole);
        Assert.Equal([.. first, .. second], joined);
    }

    [Theory]
    [InlineData("lz4")]
    [InlineData("brotli")]
    public void What_is_not_written_is_refused_by_name(string name)
    {
        BackupException refused = Assert.Throws<BackupException>(() => ObjectCompression.Parse(name));

        Assert.Equal(ErrorKind.Unsupported, refused.Kind);
        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("zstd-fastest", refused.Remedy, StringComparison.Ordinal);
    }

    private static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)('a' + (i * 7 % 13 * (i / 100 % 7) % 26)))];

    private static IndexEntry EntryOf(KopiaRepository repository, ObjectId id) =>
        repository.Index.Current.TryFind(id.Content, out IndexEntry entry) ? entry : throw new InvalidOperationException($"{id} has no entry");
}
