using System.Buffers;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>
/// Entries and summaries of directory objects as JSON: Kopia's members in Kopia's order (snapshot/manifest.go, fs/entry.go, v0.23.1),
/// each left out when empty, then our own.
/// </summary>
internal static class EntryWriter
{
    public static void Write(IBufferWriter<byte> output, DirectoryEntry entry)
    {
        output.Raw("{\"name\":"u8);
        output.Text(entry.Name);
        output.Raw(entry.Kind switch
        {
            EntryKind.Directory => ",\"type\":\"d\""u8,
            EntryKind.Symlink => ",\"type\":\"s\""u8,
            _ => ",\"type\":\"f\""u8,
        });
        WriteCommon(output, entry.Permissions, entry.LengthBytes, entry.Modified, entry.Uid, entry.Gid);
        output.Raw(",\"obj\":"u8);
        output.Text(entry.ObjectId.ToString());
        if (entry.Summary is { } summary)
        {
            output.Raw(",\"summ\":"u8);
            Write(output, summary);
        }

        WritePosix(output, entry.Posix);
        output.Raw("}"u8);
    }

    public static void Write(IBufferWriter<byte> output, SpecialEntry entry)
    {
        output.Raw("{\"name\":"u8);
        output.Text(entry.Name);
        output.Raw(entry.Kind switch
        {
            FileKind.CharacterDevice => ",\"type\":\"c\""u8,
            FileKind.BlockDevice => ",\"type\":\"b\""u8,
            _ => ",\"type\":\"p\""u8,
        });
        WriteCommon(output, entry.Permissions, 0, entry.Modified, entry.Uid, entry.Gid);
        WriteNonZero(output, ",\"major\":"u8, entry.DeviceMajor);
        WriteNonZero(output, ",\"minor\":"u8, entry.DeviceMinor);
        WritePosix(output, entry.Posix);
        output.Raw("}"u8);
    }

    public static void Write(IBufferWriter<byte> output, DirectorySummary summary)
    {
        output.Raw("{\"size\":"u8);
        output.Number(summary.TotalBytes);
        output.Raw(",\"files\":"u8);
        output.Number(summary.FileCount);
        output.Raw(",\"symlinks\":"u8);
        output.Number(summary.SymlinkCount);
        output.Raw(",\"dirs\":"u8);
        output.Number(summary.DirectoryCount);
        output.Raw(",\"maxTime\":"u8);
        output.Time(summary.LatestModified);
        if (summary.IncompleteReason is { } reason)
        {
            output.Raw(",\"incomplete\":"u8);
            output.Text(reason);
        }

        output.Raw(",\"numFailed\":"u8);
        output.Number(summary.FailedCount);
        WriteNonZero(output, ",\"numIgnoredErrors\":"u8, summary.IgnoredErrorCount);
        if (summary.Errors.Count > 0)
        {
            output.Raw(",\"errors\":["u8);
            for (int i = 0; i < summary.Errors.Count; i++)
            {
                output.Raw(i == 0 ? "{\"path\":"u8 : ",{\"path\":"u8);
                output.Text(summary.Errors[i].Path);
                output.Raw(",\"error\":"u8);
                output.Text(summary.Errors[i].Message);
                output.Raw("}"u8);
            }

            output.Raw("]"u8);
        }

        output.Raw("}"u8);
    }

    private static void WriteCommon(IBufferWriter<byte> output, uint permissions, long lengthBytes, UnixNanos modified, uint uid, uint gid)
    {
        if (permissions != 0)
        {
            output.Raw(",\"mode\":"u8);
            output.Text(GoMode.ToText(permissions));
        }

        WriteNonZero(output, ",\"size\":"u8, lengthBytes);
        if (modified.Value != 0)
        {
            output.Raw(",\"mtime\":"u8);
            output.Time(modified);
        }

        WriteNonZero(output, ",\"uid\":"u8, uid);
        WriteNonZero(output, ",\"gid\":"u8, gid);
    }

    private static void WriteNonZero(IBufferWriter<byte> output, ReadOnlySpan<byte> member, long value)
    {
        if (value != 0)
        {
            output.Raw(member);
            output.Number(value);
        }
    }

    private static void WritePosix(IBufferWriter<byte> output, PosixExtras? posix)
    {
        if (posix is null || posix.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<byte> separator = ",\"posix\":{"u8;
        if (posix.RawName is { } raw)
        {
            output.Raw(separator);
            output.Raw("\"name\":"u8);
            output.Base64(raw.Span);
            separator = ","u8;
        }

        if (posix.LinkGroup is { } group)
        {
            output.Raw(separator);
            output.Raw("\"link\":"u8);
            output.Text(group);
            separator = ","u8;
        }

        if (posix.Attributes.Count > 0)
        {
            output.Raw(separator);
            WriteAttributes(output, posix.Attributes);
            separator = ","u8;
        }

        if (posix.Holes.Count > 0)
        {
            output.Raw(separator);
            WriteHoles(output, posix.Holes);
            separator = ","u8;
        }

        if (posix.HasManyHoles)
        {
            output.Raw(separator);
            output.Raw("\"manyHoles\":true"u8);
            separator = ","u8;
        }

        if (posix.IsFresh)
        {
            output.Raw(separator);
            output.Raw("\"fresh\":true"u8);
        }

        output.Raw("}"u8);
    }

    private static void WriteAttributes(IBufferWriter<byte> output, IReadOnlyList<ExtendedAttribute> attributes)
    {
        output.Raw("\"xattrs\":{"u8);
        for (int i = 0; i < attributes.Count; i++)
        {
            output.Raw(i == 0 ? default : ","u8);
            output.Text(attributes[i].Name);
            output.Raw(":"u8);
            output.Base64(attributes[i].Value.Span);
        }

        output.Raw("}"u8);
    }

    private static void WriteHoles(IBufferWriter<byte> output, IReadOnlyList<FileRange> holes)
    {
        output.Raw("\"holes\":["u8);
        for (int i = 0; i < holes.Count; i++)
        {
            output.Raw(i == 0 ? default : ","u8);
            output.Number(holes[i].OffsetBytes);
            output.Raw(","u8);
            output.Number(holes[i].LengthBytes);
        }

        output.Raw("]"u8);
    }
}
