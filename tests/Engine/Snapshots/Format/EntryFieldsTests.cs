using System.Buffers;
using System.Text;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Snapshots.Format;
using BackupFunctions.Engine.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots.Format;

public sealed class EntryFieldsTests
{
    private static DirectoryEntry Plain { get; } = new()
    {
        Name = "a <b> \"ä\"",
        Kind = EntryKind.File,
        Permissions = 0x9A4, // 04644: set-user-id has another place in the text
        LengthBytes = 1234567890123,
        Modified = UnixNanos.Parse("2025-01-02T03:04:05.0000067Z"),
        Uid = 1000,
        Gid = uint.MaxValue,
        ObjectId = ObjectId.Parse("Ix0123456789abcdef0123456789abcdef"),
    };

    [Theory]
    [InlineData(EntryKind.File)]
    [InlineData(EntryKind.Symlink)]
    public void Reads_of_a_plain_entry_what_the_full_reader_reads(EntryKind kind)
    {
        DirectoryEntry entry = Plain with { Kind = kind };
        byte[] name = new byte[FileName.MaxBytes];

        Assert.True(EntryFields.TryRead(Write(entry), name, out int nameLength, out EntryFields fields));
        Assert.Equal(entry.Name, Encoding.UTF8.GetString(name.AsSpan(0, nameLength)));
        Assert.Equal(new EntryFields(kind, entry.Permissions, entry.LengthBytes, entry.Modified, entry.Uid, entry.Gid), fields);
    }

    [Fact]
    public void Leaves_entries_that_have_more_to_the_full_reader()
    {
        byte[] name = new byte[FileName.MaxBytes];
        DirectoryEntry[] others =
        [
            Plain with { Posix = new PosixExtras { IsFresh = true } },
            Plain with { Kind = EntryKind.Directory, Summary = new DirectorySummary() },
            Plain with { Name = new string('a', FileName.MaxBytes + 1) },
        ];
        Assert.All(others, entry => Assert.False(EntryFields.TryRead(Write(entry), name, out _, out _)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"name":"a","type":"f"}""")]
    [InlineData("""{"name":"a","type":"f","obj":"no object"}""")]
    [InlineData("""{"name":"a","type":"f","obj":7}""")]
    [InlineData("""{"name":"\ud800","type":"f","obj":"0123456789abcdef0123456789abcdef"}""")]
    [InlineData("""{"name":"a","type":"f","size":-1,"obj":"0123456789abcdef0123456789abcdef"}""")]
    [InlineData("""{"name":"a","type":"f","size":"1","obj":"0123456789abcdef0123456789abcdef"}""")]
    [InlineData("""{"name":"a","type":"f","mode":"0999","obj":"0123456789abcdef0123456789abcdef"}""")]
    [InlineData("""{"name":"a","type":"f","mtime":"2025-02-30T00:00:00Z","obj":"0123456789abcdef0123456789abcdef"}""")]
    public void Believes_nothing_that_is_no_plain_entry(string json) =>
        Assert.False(EntryFields.TryRead(Encoding.UTF8.GetBytes(json), new byte[FileName.MaxBytes], out _, out _));

    private static byte[] Write(DirectoryEntry entry)
    {
        ArrayBufferWriter<byte> output = new();
        EntryWriter.Write(output, entry);
        return output.WrittenSpan.ToArray();
    }
}
