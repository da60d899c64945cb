using System.Text;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Contracts;

/// <summary>
/// What every store must do, whatever it is made of. A provider's test class names its store and runs each of the
/// <see cref="Rules"/> on a fresh one.
/// </summary>
public abstract class BlobStoreContract
{
    private const int PartsTestBytes = 20_000_003; // Three parts on a store that takes parts of 8 MiB.

    private static readonly Dictionary<string, Func<IBlobStore, Task>> Checks = new()
    {
        ["What was put is got back"] = PutIsGotBack,
        ["An empty blob is a blob"] = EmptyBlob,
        ["A put replaces the whole content"] = PutReplaces,
        ["A range gives just its bytes"] = RangeGivesItsBytes,
        ["A range past the end is Corrupt"] = RangePastTheEnd,
        ["A missing blob has no info and its reading is NotFound"] = MissingBlob,
        ["Info has length and time"] = InfoHasLengthAndTime,
        ["A put if absent is refused when the blob is there and leaves it"] = PutIfAbsent,
        ["Of 32 concurrent puts if absent exactly one wins"] = OneOfManyWins,
        ["A stream of any length arrives whole"] = StreamsArriveWhole,
        ["A stream that fails leaves nothing"] = FailingStreamLeavesNothing,
        ["A stream that fails leaves the old content"] = FailingStreamLeavesOldContent,
        ["A deleted blob is gone and deleting again is no error"] = DeletedIsGone,
        ["A listing is in the order of UTF-8 names and has lengths"] = ListingIsOrdered,
        ["A listing has only what starts with the prefix"] = ListingKeepsToThePrefix,
        ["A listing of more than a page has all"] = ListingOfManyPages,
        ["Folders are the next segments"] = FoldersAreNextSegments,
        ["A listing of nothing is empty"] = EmptyListing,
        ["Names with odd characters are kept"] = OddNames,
        ["A cancelled call does nothing"] = CancelledCall,
        ["Puts and deletions in one folder do not disturb each other"] = PutsAmongDeletions,
    };

    /// <summary>The names of all rules, as theory data.</summary>
    public static TheoryData<string> Rules => [.. Checks.Keys];

    private protected static Task CheckAsync(string rule, IBlobStore store) => Checks[rule](store);

    private static async Task PutIsGotBack(IBlobStore store)
    {
        byte[] content = RandomBytes(100_000);
        Assert.True(await store.PutAsync(Name("a/b/c.bin"), content, PutCondition.Always, default));
        Assert.Equal(content, await ReadAsync(store, "a/b/c.bin"));
    }

    private static async Task EmptyBlob(IBlobStore store)
    {
        await PutAsync(store, "empty", "");
        Assert.Equal(0, (await store.TryGetInfoAsync(Name("empty"), default))?.LengthBytes);
        Assert.Empty(await ReadAsync(store, "empty"));
    }

    private static async Task PutReplaces(IBlobStore store)
    {
        await PutAsync(store, "x", "a long first content");
        await PutAsync(store, "x", "short");
        Assert.Equal("short", await ReadTextAsync(store, "x"));
    }

    private static async Task RangeGivesItsBytes(IBlobStore store)
    {
        byte[] content = RandomBytes(300_000);
        await store.PutAsync(Name("r"), content, PutCondition.Always, default);
        foreach (BlobRange range in (BlobRange[])[new(0, 1), new(1000, 70_000), new(299_999, 1), new(0, 300_000)])
        {
            byte[] expected = content.AsSpan((int)range.OffsetBytes, (int)range.LengthBytes).ToArray();
            Assert.Equal(expected, await ReadAsync(store, "r", range));
        }
    }

    private static async Task RangePastTheEnd(IBlobStore store)
    {
        await PutAsync(store, "r", "0123456789");
        foreach (BlobRange range in (BlobRange[])[new(10, 1), new(5, 6), new(100, 5), new(0, 11)])
        {
            BackupException error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(store, "r", range));
            Assert.Equal(ErrorKind.Corrupt, error.Kind);
            Assert.Contains("r'", error.Message, StringComparison.Ordinal);
        }
    }

    private static async Task MissingBlob(IBlobStore store)
    {
        await PutAsync(store, "there/x", "1");
        foreach (string name in (string[])["missing", "there", "there/y", "there/x/below"])
        {
            Assert.Null(await store.TryGetInfoAsync(Name(name), default));
            BackupException error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(store, name));
            Assert.Equal(ErrorKind.NotFound, error.Kind);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    private static async Task InfoHasLengthAndTime(IBlobStore store)
    {
        await PutAsync(store, "i", "12345");
        BlobInfo info = Assert.IsType<BlobInfo>(await store.TryGetInfoAsync(Name("i"), default));
        Assert.Equal(Name("i"), info.Name);
        Assert.Equal(5, info.LengthBytes);
        Assert.InRange(info.LastModified, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    private static async Task PutIfAbsent(IBlobStore store)
    {
        Assert.True(await store.PutAsync(Name("d/claim"), "first"u8.ToArray(), PutCondition.IfAbsent, default));
        Assert.False(await store.PutAsync(Name("d/claim"), "second"u8.ToArray(), PutCondition.IfAbsent, default));
        Assert.Equal("first", await ReadTextAsync(store, "d/claim"));
        Assert.True(store.SupportsConditionalPut);
    }

    private static async Task OneOfManyWins(IBlobStore store)
    {
        byte[][] contents = [.. Enumerable.Range(0, 32).Select(i => Encoding.UTF8.GetBytes($"writer {i}"))];
        bool[] won = await Task.WhenAll(contents.Select(content => Task.Run(() => store.PutAsync(Name("claims/one"), content, PutCondition.IfAbsent, default))));
        byte[] stored = await ReadAsync(store, "claims/one");
        Assert.Equal(contents.Select(content => content.SequenceEqual(stored)), won);
    }

    private static async Task StreamsArriveWhole(IBlobStore store)
    {
        foreach (int length in (int[])[0, 1, 65_536, PartsTestBytes])
        {
            byte[] content = RandomBytes(length);
            Assert.Equal(length, await store.PutStreamAsync(Name("s/stream"), new TrickleStream(content, int.MaxValue), default));
            byte[] stored = await ReadAsync(store, "s/stream");
            Assert.True(content.AsSpan().SequenceEqual(stored), $"{length} bytes came back changed");
        }
    }

    private static async Task FailingStreamLeavesNothing(IBlobStore store)
    {
        foreach (int failAt in (int[])[0, 1000, 9_000_000])
        {
            TrickleStream content = new(RandomBytes(PartsTestBytes), failAt);
            await Assert.ThrowsAsync<InvalidDataException>(() => store.PutStreamAsync(Name("s/broken"), content, default));
            Assert.Null(await store.TryGetInfoAsync(Name("s/broken"), default));
        }

        Assert.Empty(await NamesAsync(store, ""));
    }

    private static async Task FailingStreamLeavesOldContent(IBlobStore store)
    {
        await PutAsync(store, "s/kept", "old");
        TrickleStream content = new(RandomBytes(PartsTestBytes), 9_000_000);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.PutStreamAsync(Name("s/kept"), content, default));
        Assert.Equal("old", await ReadTextAsync(store, "s/kept"));
    }

    private static async Task DeletedIsGone(IBlobStore store)
    {
        await PutAsync(store, "d/e/f", "1");
        await PutAsync(store, "d/g", "1");
        await store.DeleteAsync(Name("d/e/f"), default);
        await store.DeleteAsync(Name("d/e/f"), default);
        await store.DeleteAsync(Name("d/e"), default);
        await store.DeleteAsync(Name("d/g/below"), default);
        await store.DeleteAsync(Name("never/was"), default);
        Assert.Null(await store.TryGetInfoAsync(Name("d/e/f"), default));
        Assert.Equal(["d/g"], await NamesAsync(store, ""));
    }

    private static async Task ListingIsOrdered(IBlobStore store)
    {
        string[] ordered = ["B", "a", "a b/c", "a-b", "a.b", "a/", "a/b", "a/b.c", "a/b/c", "a/b0", "a0", "b/x/y/z", "\uFF5E", "\U0001F600"];
        string[] names = [.. ordered.Where(name => name is not ("a" or "a/" or "a/b"))];
        foreach (string name in names.Reverse())
        {
            await PutAsync(store, name, name);
        }

        List<BlobInfo> listed = await store.ListAsync("", default).ToListAsync();
        Assert.Equal(names, listed.Select(info => info.Name.ToString()));
        Assert.Equal(names.Select(name => (long)Encoding.UTF8.GetByteCount(name)), listed.Select(info => info.LengthBytes));
    }

    private static async Task ListingKeepsToThePrefix(IBlobStore store)
    {
        foreach (string name in (string[])["p/ab1", "p/ab2/x", "p/ac", "p/b", "pab", "q/ab"])
        {
            await PutAsync(store, name, "1");
        }

        Assert.Equal(["p/ab1", "p/ab2/x"], await NamesAsync(store, "p/ab"));
        Assert.Equal(["p/ab2/x"], await NamesAsync(store, "p/ab2/"));
        Assert.Equal(["p/ab1", "p/ab2/x", "p/ac", "p/b", "pab"], await NamesAsync(store, "p"));
        Assert.Empty(await NamesAsync(store, "p/abc"));
        Assert.Empty(await NamesAsync(store, "../"));
    }

    private static async Task ListingOfManyPages(IBlobStore store)
    {
        const int Count = 1205; // Servers list 1,000 at a time.
        string[] names = [.. Enumerable.Range(0, Count).Select(i => $"many/{i:D5}")];
        await Parallel.ForEachAsync(names, async (name, token) => await store.PutAsync(Name(name), new byte[1], PutCondition.Always, token));
        Assert.Equal(names, await NamesAsync(store, "many/"));
    }

    private static async Task FoldersAreNextSegments(IBlobStore store)
    {
        foreach (string name in (string[])["backups/one/a", "backups/one/b/c", "backups/one.two/a", "backups/two/x/y", "backups/file", "other/x"])
        {
            await PutAsync(store, name, "1");
        }

        Assert.Equal(["one.two", "one", "two"], await store.ListFoldersAsync("backups/", default).ToListAsync());
        Assert.Equal(["backups", "other"], await store.ListFoldersAsync("", default).ToListAsync());
        Assert.Equal(["b"], await store.ListFoldersAsync("backups/one/", default).ToListAsync());
        await store.DeleteAsync(Name("backups/two/x/y"), default);
        Assert.Equal(["one.two", "one"], await store.ListFoldersAsync("backups/", default).ToListAsync());
    }

    private static async Task EmptyListing(IBlobStore store)
    {
        Assert.Empty(await NamesAsync(store, ""));
        Assert.Empty(await store.ListFoldersAsync("backups/", default).ToListAsync());
    }

    private static async Task OddNames(IBlobStore store)
    {
        string[] names = ["odd/a+b c&d=e?f#g%20h", "odd/üñí", "odd/\U0001F600", "odd/..a", "odd/~!@$^*()'\"<>|,;:[]{}`", "odd/" + new string('x', 200)];
        foreach (string name in names)
        {
            await PutAsync(store, name, name);
            Assert.Equal(name, await ReadTextAsync(store, name));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), (await NamesAsync(store, "odd/")).Order(StringComparer.Ordinal));
    }

    private static async Task CancelledCall(IBlobStore store)
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(Name("c"), new byte[10], PutCondition.Always, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutStreamAsync(Name("c"), new MemoryStream(new byte[10]), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.TryGetInfoAsync(Name("c"), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.OpenReadAsync(Name("c"), null, source.Token));
        Assert.Empty(await NamesAsync(store, ""));
    }

    private static async Task PutsAmongDeletions(IBlobStore store)
    {
        const int Writers = 6;
        const int Rounds = 40;
        await Parallel.ForEachAsync(Enumerable.Range(0, Writers), new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (writer, token) =>
        {
            BlobName name = Name($"busy/folder/deep/{writer}");
            for (int round = 0; round < Rounds; round++)
            {
                await store.PutAsync(name, new byte[1], PutCondition.Always, token);
                Assert.NotNull(await store.TryGetInfoAsync(name, token));
                await store.DeleteAsync(name, token);
            }
        });
        Assert.Empty(await NamesAsync(store, ""));
    }

    private static BlobName Name(string name) => BlobName.Parse(name);

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static Task<bool> PutAsync(IBlobStore store, string name, string content) =>
        store.PutAsync(Name(name), Encoding.UTF8.GetBytes(content), PutCondition.Always, default);

    private static async Task<byte[]> ReadAsync(IBlobStore store, string name, BlobRange? range = null)
    {
        await using Stream stream = await store.OpenReadAsync(Name(name), range, default);
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task<string> ReadTextAsync(IBlobStore store, string name) => Encoding.UTF8.GetString(await ReadAsync(store, name));

    private static async Task<List<string>> NamesAsync(IBlobStore store, string prefix) =>
        await store.ListAsync(prefix, default).Select(info => info.Name.ToString()).ToListAsync();
}
