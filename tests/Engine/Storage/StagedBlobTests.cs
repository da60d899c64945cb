using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.Folder;
using BackupFunctions.Engine.Storage.Wrappers;
using BackupFunctions.Tests.Contracts;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage;

public sealed class StagedBlobTests : IDisposable
{
    private static readonly BlobName Name = BlobName.Parse("p1");

    private readonly TemporaryFolder folder = new();

    private FolderBlobStore Folder => new(folder.Path, TimeProvider.System);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pieces_written_side_by_side_become_one_blob_that_is_there_only_when_it_is_whole(bool canStage)
    {
        RetryingBlobStore store = Wrapped(canStage ? Folder : new ObservedBlobStore(Folder));
        byte[] content = new byte[3 << 20];
        TestSeed.Random().NextBytes(content);
        await using IStagedBlob blob = await BufferedBlob.BeginAsync(store, Name, CancellationToken.None);
        Assert.Equal(canStage, blob is StagedFile);
        const int PieceBytes = 100_000;
        await Parallel.ForAsync(0, (content.Length / PieceBytes) + 1, async (i, token) =>
            await blob.WriteAsync(i * PieceBytes, content.AsMemory(i * PieceBytes, Math.Min(PieceBytes, content.Length - (i * PieceBytes))), token));
        byte[] piece = new byte[PieceBytes];
        await blob.ReadAsync(PieceBytes, piece, CancellationToken.None);
        Assert.Equal(content.AsMemory(PieceBytes, PieceBytes), piece);
        Assert.Null(await store.TryGetInfoAsync(Name, CancellationToken.None));

        await blob.PublishAsync(CancellationToken.None);

        await using Stream stream = await store.OpenReadAsync(Name, null, CancellationToken.None);
        byte[] read = new byte[content.Length];
        await stream.ReadExactlyAsync(read);
        Assert.Equal(content, read);
        Assert.Equal(content.Length, (await Folder.TryGetInfoAsync(BlobName.Parse("kopia/ns/p1"), CancellationToken.None))?.LengthBytes);
    }

    [Fact]
    public async Task Nothing_stays_of_a_blob_that_was_given_up()
    {
        await using (IStagedBlob blob = await BufferedBlob.BeginAsync(Folder, Name, CancellationToken.None))
        {
            await blob.WriteAsync(0, new byte[10], CancellationToken.None);
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_staged_file_is_private()
    {
        await using IStagedBlob blob = await BufferedBlob.BeginAsync(Folder, Name, CancellationToken.None);
        await blob.WriteAsync(0, new byte[10], CancellationToken.None);
        await blob.PublishAsync(CancellationToken.None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "p1")));
    }

    public void Dispose() => folder.Dispose();

    private static RetryingBlobStore Wrapped(IBlobStore inner) => new(new PrefixedBlobStore(inner, "kopia/ns/"), new BlobStoreOptions(), TimeProvider.System);
}
