using System.Text;
using BackupFunctions.Engine.Repository;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Lists so long that they are listed themselves, as large files have, and lists that lead nowhere, as nobody should write.</summary>
public sealed class NestedObjectsTests
{
    [Fact]
    public async Task All_that_an_object_with_a_listed_list_needs_counts_as_used()
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        ObjectId id = await WriteLongListAsync(repository, parts: 5000);
        UsedContents used = new(repository.Index.Current, repository.Contents, repository.Objects);

        await used.MarkAsync(id, CancellationToken.None);

        Assert.Equal(2, id.Indirections);
        Assert.DoesNotContain(repository.Index.Current.Entries(prefix: null), entry => entry.Id.Prefix != 'm' && !used.IsUsed(entry.Id));
    }

    [Fact]
    public async Task Lists_that_are_listed_hundredfold_are_refused()
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        ObjectId list;
        await using (WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None))
        {
            list = await session.WriteObjectAsync("0123456789"u8.ToArray(), ObjectKind.File, CancellationToken.None);
            for (int i = 0; i < 500; i++)
            {
                list = await session.WriteObjectAsync(ListOf(new string('I', i == 0 ? 0 : ObjectId.MaxIndirections) + list), ObjectKind.File, CancellationToken.None);
            }

            await session.FlushAsync(CancellationToken.None);
        }

        await AssertRefusedAsync(repository, ObjectId.Parse(new string('I', ObjectId.MaxIndirections) + list));
    }

    [Theory]
    [InlineData("I")]
    [InlineData("III")]
    [InlineData("IIIIIIII")]
    public async Task A_list_that_names_itself_is_refused(string indirections)
    {
        MemoryBlobStore store = new();
        ContentId forged = ContentId.Parse("x0123456789abcdef0123456789abcdef");
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await ForgedContent.PutAsync(store, repository, forged, ListOf(indirections + forged));

        await AssertRefusedAsync(repository, ObjectId.Parse(indirections + forged));
    }

    private static async Task AssertRefusedAsync(KopiaRepository repository, ObjectId id)
    {
        TimeSpan limit = TimeSpan.FromSeconds(30);
        await Assert.ThrowsAsync<RepositoryCorruptException>(() => RepositoryRun.StreamAsync(repository, id).WaitAsync(limit));
        await Assert.ThrowsAsync<RepositoryCorruptException>(() => RepositoryRun.ReadAsync(repository, id).WaitAsync(limit));
        FindingLedger ledger = new(10);
        RepositoryFinding? damage = await new ObjectCheck(repository, ledger).FindDamageAsync(id, 10, CancellationToken.None).AsTask().WaitAsync(limit);
        Assert.Contains("nested", damage!.Expected, StringComparison.Ordinal);
        UsedContents used = new(repository.Index.Current, repository.Contents, repository.Objects);
        Exception? refused = await Record.ExceptionAsync(() => used.MarkAsync(id, CancellationToken.None).AsTask().WaitAsync(limit));
        Assert.True(refused is null or RepositoryCorruptException, $"{refused}"); // to mark a list that names itself needs no second look at it
    }

    private static byte[] ListOf(string part) => Encoding.UTF8.GetBytes($$"""{"stream":"kopia:indirect","entries":[{"l":10,"o":"{{part}}"}]}""");

    private static async Task<ObjectId> WriteLongListAsync(KopiaRepository repository, int parts)
    {
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        ObjectId part = await session.WriteObjectAsync("0123456789"u8.ToArray(), ObjectKind.File, CancellationToken.None);
        ObjectId id = await session.ConcatenateAsync([.. Enumerable.Repeat((part, 10L), parts)], CancellationToken.None);
        await session.FlushAsync(CancellationToken.None);
        return id;
    }
}
