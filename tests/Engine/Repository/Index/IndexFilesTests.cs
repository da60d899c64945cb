using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Files;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Index;

public sealed class IndexFilesTests : IDisposable
{
    private readonly TestFolder _files = new();
    private readonly MemoryBlobStore _store = new();

    public void Dispose() => _files.Dispose();

    private RepositoryOptions Cached => RepositoryRun.Options with { CacheFolder = _files["cache"] };

    [Fact]
    public async Task Indexes_are_kept_in_private_files_and_used_by_the_next_opening()
    {
        await WriteAsync(blobs: 3);
        await using (await RepositoryRun.OpenAsync(_store, Cached))
        {
        }

        int calls = _store.Calls;
        await using KopiaRepository cached = await RepositoryRun.OpenAsync(_store, Cached);
        int withCache = _store.Calls - calls;
        await using KopiaRepository plain = await RepositoryRun.OpenAsync(_store);

        Assert.Equal(3, _store.Calls - calls - withCache - withCache); // the three index blobs
        Assert.Equal(plain.Index.Current.Entries(null), cached.Index.Current.Entries(null));
        Assert.All(cached.Index.Current.Segments, static segment => Assert.True(segment.MappedByteCount > 0));
        Assert.Equal("600\n700\n", _files.Shell("stat -c %a cache/*/* cache/* | sort -u"));
    }

    [Theory]
    [InlineData("truncate -s -1 $f")]
    [InlineData("truncate -s +1 $f")]
    [InlineData("truncate -s 0 $f")]
    [InlineData("printf x | dd of=$f bs=1 seek=0 conv=notrunc")]
    [InlineData("printf x | dd of=$f bs=1 seek=9 conv=notrunc")]
    [InlineData("printf '\\377\\377' | dd of=$f bs=1 seek=20 conv=notrunc")]
    [InlineData("printf '\\377\\377' | dd of=$f bs=1 seek=$(($(stat -c %s $f) / 2)) conv=notrunc")]
    [InlineData("printf '\\377\\377' | dd of=$f bs=1 seek=$(($(stat -c %s $f) - 4)) conv=notrunc")]
    [InlineData("cp other $f")]
    public async Task A_damaged_file_is_fetched_again(string damage)
    {
        await WriteAsync(blobs: 1);
        await using KopiaRepository before = await RepositoryRun.OpenAsync(_store, Cached);
        _files.Shell($"f=$(echo cache/*/*); cp $f good; cp $f own; mv own $f; head -c $(stat -c %s $f) /dev/zero >other; ({damage}) 2>&1; if cmp -s $f good; then exit 1; fi");

        await using KopiaRepository after = await RepositoryRun.OpenAsync(_store, Cached);

        Assert.Equal(before.Index.Current.Entries(null), after.Index.Current.Entries(null));
        _files.Shell("cmp good cache/*/*");
    }

    [Fact]
    public async Task Files_of_blobs_that_do_not_count_any_more_are_removed_after_a_while()
    {
        await WriteAsync(blobs: 1);
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(_store, Cached);
        _files.Shell("cd cache/*; touch young young.tmp; touch -d '2 hours ago' old old.tmp xn*");

        await repository.RefreshAsync(CancellationToken.None);

        Assert.Equal("young\nyoung.tmp\n", _files.Shell("cd cache/*; ls | grep -v xn"));
        Assert.Equal("1\n", _files.Shell("ls cache/*/xn* | wc -l"));
    }

    [Fact]
    public async Task A_folder_that_others_may_write_to_is_refused()
    {
        await WriteAsync(blobs: 1);
        await using (await RepositoryRun.OpenAsync(_store, Cached))
        {
        }

        _files.Shell("chmod 0777 cache/*");

        await Assert.ThrowsAsync<BackupFunctions.Engine.Errors.BackupException>(() => RepositoryRun.OpenAsync(_store, Cached));
    }

    [Theory]
    [InlineData("AES256-GCM-HMAC-SHA256")]
    [InlineData("CHACHA20-POLY1305-HMAC-SHA256")]
    public async Task A_large_index_is_mapped_from_a_file_without_a_name(string encryption)
    {
        NewRepositoryOptions create = new() { Splitter = RepositoryRun.Splitter, Encryption = encryption };
        List<IndexEntry> entries = Entries(70_000, seed: 1);
        await using (KopiaRepository repository = await RepositoryRun.CreateAsync(_store, create))
        {
            await repository.Index.PublishAsync(entries, "s1", CancellationToken.None);
        }

        _files.Shell("mkdir scratch");
        await using KopiaRepository opened = await RepositoryRun.OpenAsync(_store, RepositoryRun.Options with { ScratchFolder = _files["scratch"] });

        Assert.True(Assert.Single(opened.Index.Current.Segments).MappedByteCount > 2_000_000);
        Assert.Equal(IndexBuilder.SortAndMerge(entries), opened.Index.Current.Entries(null));
        Assert.All(entries, entry => Assert.True(opened.Index.Current.TryFind(entry.Id, out IndexEntry found) && found == entry));
        Assert.Equal("", _files.Shell("ls scratch"));
    }

    [Fact]
    public async Task A_blob_whose_bytes_were_changed_does_not_become_a_file()
    {
        await WriteAsync(blobs: 1);
        string name = _store.Names.First(static name => name.StartsWith("xn", StringComparison.Ordinal));
        byte[] changed = [.. _store.Get(name)];
        changed[changed.Length / 2] ^= 1;
        _store.Set(name, changed);

        await Assert.ThrowsAsync<RepositoryCorruptException>(() => RepositoryRun.OpenAsync(_store, Cached));

        Assert.Equal("", _files.Shell("ls cache/*"));
    }

    private static List<IndexEntry> Entries(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new IndexEntry(
            new ContentId(random.Next(3) == 0 ? 'k' : '\0', RepositoryRun.RandomBytes(random, 16)),
            BlobName.Parse($"p{random.Next(50):x32}-s1"), random.Next(), false, (uint)random.Next(1 << 30), 128, 100, 0, 3, 0))];
    }

    private async Task WriteAsync(int blobs)
    {
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(_store);
        for (int i = 0; i < blobs; i++)
        {
            await repository.Index.PublishAsync(Entries(500, seed: i), "s1", CancellationToken.None);
        }
    }
}
