using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Files;

public sealed class DirectoryHandleTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_directory_is_listed_directories_first_and_by_bytes()
    {
        _folder.Shell("mkdir b é Z; touch a B 'é.txt'; mkfifo pipe; ln -s nowhere link");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);

        DirectoryListing listing = directory.List(CancellationToken.None);

        Assert.Equal(
            ["Z:Directory", "b:Directory", "é:Directory", "B:Regular", "a:Regular", "link:Symlink", "pipe:Fifo", "é.txt:Regular"],
            Enumerable.Range(0, listing.Count).Select(i => $"{listing.NameAt(i)}:{listing.KindAt(i)}"));
        Assert.Equal(3, listing.DirectoryCount);
    }

    [Fact]
    public void A_directory_of_many_files_is_listed_completely()
    {
        _folder.Shell("seq -f 'file-with-a-longer-name-%06g' 1 20000 | xargs touch");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);

        DirectoryListing listing = directory.List(CancellationToken.None);

        Assert.Equal(20000, listing.Count);
        Assert.Equal("file-with-a-longer-name-000001", listing.NameAt(0).ToString());
        Assert.Equal("file-with-a-longer-name-020000", listing.NameAt(19999).ToString());
    }

    [Fact]
    public void Metadata_has_all_twelve_mode_bits_and_nanoseconds()
    {
        _folder.Shell("echo hello >f; chmod 6754 f; touch -d '2001-02-03 04:05:06.123456789 UTC' f; ln f g");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);

        FileMetadata metadata = directory.GetMetadata(FileName.Parse("f"));

        Assert.Equal((FileKind.Regular, 0xDECu, 6L, 2u), (metadata.Kind, metadata.Permissions, metadata.LengthBytes, metadata.LinkCount));
        Assert.Equal(UnixNanos.Parse("2001-02-03T04:05:06.123456789Z"), metadata.Modified);
        Assert.Equal(metadata.Identity, directory.GetMetadata(FileName.Parse("g")).Identity);
        Assert.Null(directory.TryGetMetadata(FileName.Parse("nothing")));
    }

    [Fact]
    public void A_symbolic_link_is_never_followed()
    {
        _folder.Shell("mkdir real; echo secret >real/f; ln -s real d; ln -s real/f l");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);

        Assert.Throws<FileSystemException>(() => directory.OpenDirectory(FileName.Parse("d")));
        Assert.Throws<FileSystemException>(() => directory.OpenFile(FileName.Parse("l")));
        Assert.Throws<FileSystemException>(() => directory.CreateFile(FileName.Parse("l")));
        Assert.Equal(FileKind.Symlink, directory.GetMetadata(FileName.Parse("l")).Kind);
        Assert.Equal("real/f"u8.ToArray(), directory.ReadSymlink(FileName.Parse("l")));
    }

    [Fact]
    public void A_pipe_in_a_files_place_is_refused_without_waiting()
    {
        _folder.Shell("mkfifo f");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);

        Assert.Equal(ErrorKind.Conflict, Assert.Throws<FileSystemException>(() => directory.OpenFile(FileName.Parse("f"))).Kind);
    }

    [Fact]
    public void Data_and_holes_are_told_apart()
    {
        _folder.Shell("truncate -s 10M f; printf x | dd of=f bs=1 seek=5242880 conv=notrunc status=none");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);
        using ReadableFile file = directory.OpenFile(FileName.Parse("f"));

        FileRange? data = file.FindData(0);

        Assert.True(file.Metadata.MayHaveHoles);
        Assert.Equal(5242880, data?.OffsetBytes);
        Assert.Null(file.FindData(data!.Value.End));
    }

    [Fact]
    public void Extended_attributes_come_back_as_they_were_set()
    {
        _folder.Shell("touch f; mkdir d");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);
        FileName name = FileName.Parse("f");
        directory.SetExtendedAttribute(name, new ExtendedAttribute("user.b", new byte[] { 0, 255 }));
        directory.SetExtendedAttribute(name, new ExtendedAttribute("user.a", ReadOnlyMemory<byte>.Empty));
        using DirectoryHandle child = directory.OpenDirectory(FileName.Parse("d"));
        child.SetExtendedAttribute(new ExtendedAttribute("user.c", "x"u8.ToArray()));

        Assert.Equal(["user.a:", "user.b:00FF"], Show(directory.GetExtendedAttributes(name)));
        Assert.Equal(["user.c:78"], Show(child.GetExtendedAttributes()));
        Assert.Equal(["user.c:78"], Show(directory.GetExtendedAttributes(FileName.Parse("d"))));
    }

    [Fact]
    public void A_tree_is_removed_and_what_its_links_point_to_is_not()
    {
        _folder.Shell("mkdir -p tree/a/b/c outside; touch tree/a/f outside/f; ln -s ../../outside tree/a/link; ln -s ../outside/f tree/file");
        using DirectoryHandle directory = DirectoryHandle.Open(_folder.Path);

        directory.RemoveTree(FileName.Parse("tree"), CancellationToken.None);

        Assert.Equal("outside\noutside/f\n", _folder.Shell("find outside | sort; ls -d tree 2>/dev/null || true"));
    }

    [Fact]
    public void A_missing_root_is_not_found()
    {
        FileSystemException error = Assert.Throws<FileSystemException>(() => DirectoryHandle.Open(_folder["nothing"]));

        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains("nothing", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Show(IReadOnlyList<ExtendedAttribute>? attributes) =>
        (attributes ?? []).Select(static attribute => $"{attribute.Name}:{Convert.ToHexString(attribute.Value.Span)}");
}
