using System.Text;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Tests.Peers;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

public sealed class KopiaRepositoryTests
{
    private static readonly int[] Lengths = [0, 1, 4096, (128 << 10) - 1, 128 << 10, (128 << 10) + 1, 1_000_000];

    [Theory]
    [InlineData(1, "FIXED-128K", "BLAKE2B-256-128")]
    [InlineData(2, "DYNAMIC-128K-BUZHASH", "BLAKE2B-256")]
    [InlineData(3, "DYNAMIC-128K-BUZHASH", "BLAKE2B-256-128")]
    public async Task Objects_of_all_lengths_are_read_as_they_were_written_after_reopening(int version, string splitter, string hash)
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        List<byte[]> objects = [.. Lengths.Select(length => RepositoryRun.RandomBytes(random, length))];
        ManifestId id;
        await using (KopiaRepository writing = await RepositoryRun.CreateAsync(store, new() { FormatVersion = version, Splitter = splitter, Hash = hash }))
        {
            id = await RepositoryRun.WriteAsync(writing, "a", objects);
        }

        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        ManifestEntry manifest = (await repository.TryGetManifestAsync(id, CancellationToken.None))!;
        Assert.Equal(objects, await RepositoryRun.ReadAllAsync(repository, manifest));
        Assert.Empty(await repository.FindWrongContentsAsync(CancellationToken.None));
        Assert.DoesNotContain(store.Names, static name => name.StartsWith('s'));
        await CheckAsync(store);
    }

    [Fact]
    public async Task Streams_and_listed_contents_give_the_same_bytes_as_reading_the_whole_object()
    {
        byte[] bytes = RepositoryRun.RandomBytes(TestSeed.Random(), 2_000_000);
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore());
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        ObjectId id = await session.WriteObjectAsync(bytes, ObjectKind.File, CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);

        byte[] joined = new byte[bytes.Length];
        await foreach (ObjectContent content in repository.ListObjectContentsAsync(id, CancellationToken.None))
        {
            using PooledBytes part = await repository.ReadContentAsync(content, CancellationToken.None);
            part.Span.CopyTo(joined.AsSpan((int)content.ObjectOffset, content.LengthBytes));
        }

        Assert.StartsWith("Ix", id.ToString(), StringComparison.Ordinal);
        Assert.Equal(bytes, await RepositoryRun.StreamAsync(repository, id));
        Assert.Equal(bytes, joined);
    }

    [Fact]
    public async Task What_is_there_already_is_not_uploaded_again()
    {
        byte[] bytes = RepositoryRun.RandomBytes(TestSeed.Random(), 1_500_000);
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore());
        await RepositoryRun.WriteAsync(repository, "first", [bytes]);

        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        await session.WriteObjectAsync(bytes, ObjectKind.File, CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);

        Assert.Equal(0, session.Statistics.NewContents);
        Assert.Equal(0, session.Statistics.UploadedBytes);
        Assert.True(session.Statistics.DeduplicatedBytes >= bytes.Length);
    }

    [Fact]
    public async Task Parts_are_joined_to_one_object_before_they_are_published()
    {
        Random random = TestSeed.Random();
        List<byte[]> parts = [RepositoryRun.RandomBytes(random, 700_000), RepositoryRun.RandomBytes(random, 5), [], RepositoryRun.RandomBytes(random, 300_000)];
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore());
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        List<(ObjectId, long)> ids = [];
        foreach (byte[] part in parts)
        {
            ids.Add((await session.WriteObjectAsync(part, ObjectKind.File, CancellationToken.None), part.Length));
        }

        ObjectId whole = await session.ConcatenateAsync(ids, CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);

        Assert.Equal(parts.SelectMany(static part => part), await RepositoryRun.StreamAsync(repository, whole));
    }

    [Fact]
    public async Task A_list_that_is_longer_than_a_chunk_becomes_a_list_of_lists()
    {
        byte[] chunk = RepositoryRun.RandomBytes(TestSeed.Random(), 128 << 10);
        const int Chunks = 3000; // about 70 bytes of JSON each, so 210 kB in chunks of 128 KiB
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(new MemoryBlobStore());
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        await using ObjectWriter writer = session.CreateObjectWriter(ObjectKind.File, expectedBytes: null);
        for (int i = 0; i < Chunks; i++)
        {
            await writer.WriteAsync(chunk, CancellationToken.None);
        }

        ObjectId id = await writer.FinishAsync(CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);

        Assert.Equal(2, id.Indirections);
        await using Stream stream = await repository.OpenObjectAsync(id, CancellationToken.None);
        byte[] read = new byte[chunk.Length];
        for (int i = 0; i < Chunks; i++)
        {
            await stream.ReadExactlyAsync(read, CancellationToken.None);
            Assert.True(read.AsSpan().SequenceEqual(chunk), $"chunk {i} differs");
        }

        Assert.Equal(0, await stream.ReadAsync(read, CancellationToken.None));
    }

    [Fact]
    public async Task A_session_that_is_not_flushed_leaves_nothing_to_see()
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await using (WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None))
        {
            await session.WriteObjectAsync(RepositoryRun.RandomBytes(TestSeed.Random(), 1_000_000), ObjectKind.File, CancellationToken.None);
            session.PutManifest(RepositoryRun.Labels(), "1"u8.ToArray());
        }

        await using KopiaRepository other = await RepositoryRun.OpenAsync(store);
        Assert.Empty(await other.FindManifestsAsync(RepositoryRun.Labels(), CancellationToken.None));
        Assert.DoesNotContain(store.Names, static name => name.StartsWith("xn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Manifests_are_found_by_labels_deleted_and_replaced()
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        ManifestId first = session.PutManifest(RepositoryRun.Labels("a"), "1"u8.ToArray());
        ManifestId second = session.PutManifest(RepositoryRun.Labels("b"), "2"u8.ToArray());
        await session.FlushAsync(CancellationToken.None);
        session.DeleteManifest(first);
        ManifestId replaced = await session.ReplaceManifestAsync(RepositoryRun.Labels("b"), "3"u8.ToArray(), CancellationToken.None);
        ManifestId unchanged = await session.ReplaceManifestAsync(RepositoryRun.Labels("b"), "3"u8.ToArray(), CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);

        await using KopiaRepository other = await RepositoryRun.OpenAsync(store);
        ManifestEntry only = Assert.Single(await other.FindManifestsAsync(RepositoryRun.Labels(), CancellationToken.None));
        Assert.Equal(replaced, only.Id);
        Assert.Equal(replaced, unchanged);
        Assert.NotEqual(second, only.Id);
        Assert.Equal("3", Encoding.UTF8.GetString(only.Json.Span));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task Many_manifest_contents_are_merged_to_few(int version)
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store, new() { FormatVersion = version, Splitter = RepositoryRun.Splitter });
        List<ManifestId> ids = [];
        for (int i = 0; i < 40; i++)
        {
            ids.Add(await RepositoryRun.WriteAsync(repository, $"{i}", []));
        }

        await using (WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None))
        {
            session.DeleteManifest(ids[0]);
            await session.FlushAsync(CancellationToken.None);
        }

        await using KopiaRepository other = await RepositoryRun.OpenAsync(store);
        IReadOnlyList<ManifestEntry> found = await other.FindManifestsAsync(RepositoryRun.Labels(), CancellationToken.None);
        Assert.Equal(ids.Skip(1).Order(), found.Select(static entry => entry.Id).Order());
        Assert.InRange(other.CountManifestContents(), 1, 17);
        await CheckAsync(store);
    }

    [Fact]
    public async Task Of_two_creators_one_wins_and_the_other_is_told()
    {
        MemoryBlobStore store = new();
        Task<KopiaRepository>[] creators = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => RepositoryRun.CreateAsync(store)))];

        Exception?[] failures = await Task.WhenAll(creators.Select(static creator => creator.ContinueWith(static ended => ended.Exception?.InnerException, TaskScheduler.Default)));

        BackupException lost = Assert.IsType<BackupException>(Assert.Single(failures, static failure => failure is not null));
        Assert.Equal(ErrorKind.AlreadyExists, lost.Kind);
        await using KopiaRepository winner = await RepositoryRun.OpenAsync(store);
        foreach (Task<KopiaRepository> creator in creators.Where(static creator => creator.IsCompletedSuccessfully))
        {
            await using KopiaRepository created = await creator;
            Assert.Equal(winner.Format.UniqueId, created.Format.UniqueId);
        }
    }

    [Theory]
    [InlineData("something", false)]
    [InlineData("kopia.blobcfg", false)]
    [InlineData("_log_20261128", true)]
    public async Task A_repository_is_not_created_where_other_blobs_lie(string name, bool isBesideRepository)
    {
        MemoryBlobStore store = new();
        if (isBesideRepository)
        {
            await (await RepositoryRun.CreateAsync(store)).DisposeAsync();
        }

        store.Set(name, [1]);
        List<string> before = [.. store.Names];

        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.CreateAsync(store));

        Assert.Equal(ErrorKind.AlreadyExists, refused.Kind);
        Assert.Contains(isBesideRepository ? "a repository already" : name, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, store.Names);
    }

    [Fact]
    public async Task A_wrong_password_and_a_missing_repository_are_told_apart()
    {
        MemoryBlobStore store = new();
        await (await RepositoryRun.CreateAsync(store)).DisposeAsync();

        BackupException wrong = await Assert.ThrowsAsync<BackupException>(() =>
            KopiaRepository.OpenAsync(store, "wrong", new RepositoryOptions(), TimeProvider.System, CancellationToken.None));
        BackupException missing = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.OpenAsync(new MemoryBlobStore()));

        Assert.Equal(ErrorKind.WrongPassword, wrong.Kind);
        Assert.DoesNotContain("wrong", wrong.Message.Replace("password", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(ErrorKind.NotFound, missing.Kind);
    }

    [Fact]
    public async Task Unknown_algorithms_are_refused_before_anything_is_written()
    {
        MemoryBlobStore store = new();

        BackupException hash = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.CreateAsync(store, new() { Hash = "MD5" }));
        BackupException splitter = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.CreateAsync(store, new() { Splitter = "WHIM" }));
        BackupException version = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.CreateAsync(store, new() { FormatVersion = 4 }));

        Assert.Equal([ErrorKind.Unsupported, ErrorKind.Unsupported, ErrorKind.InvalidInput], [hash.Kind, splitter.Kind, version.Kind]);
        Assert.Empty(store.Names);
    }

    [Fact]
    public async Task An_index_that_grew_old_is_loaded_again_before_writing()
    {
        ManualTimeProvider time = new();
        byte[] bytes = RepositoryRun.RandomBytes(TestSeed.Random(), 50_000);
        MemoryBlobStore store = new();
        await (await RepositoryRun.CreateAsync(store)).DisposeAsync();
        await using KopiaRepository early = await RepositoryRun.OpenAsync(store, time: time);
        await using WriteSession session = await early.StartWriteSessionAsync(CancellationToken.None);
        await using (KopiaRepository late = await RepositoryRun.OpenAsync(store))
        {
            await RepositoryRun.WriteAsync(late, "late", [bytes]);
        }

        time.Advance(TimeSpan.FromMinutes(16));
        await session.WriteObjectAsync(bytes, ObjectKind.File, CancellationToken.None);

        Assert.Equal(0, session.Statistics.NewContents);
    }

    [Fact]
    public async Task Entries_of_uploaded_packs_are_published_before_they_fill_the_memory()
    {
        MemoryBlobStore store = new();
        await (await RepositoryRun.CreateAsync(store)).DisposeAsync();
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store, RepositoryRun.Options with { MaxPendingEntries = 10 });
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        Random random = TestSeed.Random();
        for (int i = 0; i < 100; i++)
        {
            await session.WriteObjectAsync(RepositoryRun.RandomBytes(random, 100), ObjectKind.File, CancellationToken.None);
        }

        await session.FlushAsync(CancellationToken.None);

        Assert.InRange(store.Names.Count(static name => name.StartsWith("xn", StringComparison.Ordinal)), 2, 11);
        Assert.Empty(await repository.FindWrongContentsAsync(CancellationToken.None));
    }

    /// <summary>Where an independent checker is at hand, it has the last word.</summary>
    internal static async Task CheckAsync(MemoryBlobStore store)
    {
        if (KopiaChecker.ReasonMissing is null)
        {
            string folder = Directory.CreateTempSubdirectory("kopia-check-").FullName;
            try
            {
                store.SaveTo(folder);
                KopiaCheckResult result = await KopiaChecker.RunAsync(folder, RepositoryRun.Password);
                Assert.True(result.ExitCode == 0, result.Output);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
