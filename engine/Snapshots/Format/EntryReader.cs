using System.Text.Json;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>Reads what <see cref="EntryWriter"/> writes. Unknown members are skipped. Each method starts on the value's first token and ends on its last.</summary>
internal static class EntryReader
{
    /// <param name="json">On the entry's opening brace.</param>
    /// <param name="where">The object that holds it, for errors.</param>
    public static DirectoryEntry ReadEntry(ref Utf8JsonReader json, string where)
    {
        Members members = Read(ref json, where);
        EntryKind kind = members.Type switch
        {
            "f" => EntryKind.File,
            "d" => EntryKind.Directory,
            "s" => EntryKind.Symlink,
            _ => throw MemberReader.Wrong(where, "an entry of type f, d or s", $"'{members.Type}'"),
        };
        return new DirectoryEntry
        {
            Name = members.Name,
            Kind = kind,
            Permissions = members.Permissions,
            LengthBytes = members.Length,
            Modified = members.Modified,
            Uid = members.Uid,
            Gid = members.Gid,
            ObjectId = members.Object ?? throw MemberReader.Wrong(where, $"an object ID in the entry '{members.Name}'", "none"),
            Summary = members.Summary,
            Posix = members.Posix,
        };
    }

    public static SpecialEntry ReadSpecial(ref Utf8JsonReader json, string where)
    {
        Members members = Read(ref json, where);
        FileKind kind = members.Type switch
        {
            "p" => FileKind.Fifo,
            "c" => FileKind.CharacterDevice,
            "b" => FileKind.BlockDevice,
            _ => throw MemberReader.Wrong(where, "a special entry of type p, c or b", $"'{members.Type}'"),
        };
        return new SpecialEntry
        {
            Name = members.Name,
            Kind = kind,
            Permissions = members.Permissions,
            Modified = members.Modified,
            Uid = members.Uid,
            Gid = members.Gid,
            DeviceMajor = members.Major,
            DeviceMinor = members.Minor,
            Posix = members.Posix,
        };
    }

    public static DirectorySummary? ReadSummary(ref Utf8JsonReader json, string where)
    {
        if (!MemberReader.EnterObject(ref json, where))
        {
            return null;
        }

        DirectorySummary summary = new();
        while (MemberReader.NextMember(ref json) is { } member)
        {
            switch (member)
            {
                case "size": summary = summary with { TotalBytes = MemberReader.Number(ref json, where) }; break;
                case "files": summary = summary with { FileCount = MemberReader.Number(ref json, where) }; break;
                case "symlinks": summary = summary with { SymlinkCount = MemberReader.Number(ref json, where) }; break;
                case "dirs": summary = summary with { DirectoryCount = MemberReader.Number(ref json, where) }; break;
                case "maxTime": summary = summary with { LatestModified = MemberReader.Time(ref json, where) }; break;
                case "incomplete": summary = summary with { IncompleteReason = MemberReader.Text(ref json, where) }; break;
                case "numFailed": summary = summary with { FailedCount = (int)MemberReader.Number(ref json, where) }; break;
                case "numIgnoredErrors": summary = summary with { IgnoredErrorCount = (int)MemberReader.Number(ref json, where) }; break;
                case "errors": summary = summary with { Errors = ReadErrors(ref json, where) }; break;
                default: json.Skip(); break;
            }
        }

        return summary;
    }

    private static Members Read(ref Utf8JsonReader json, string where)
    {
        Members members = default;
        members.Name = "";
        if (!MemberReader.EnterObject(ref json, where))
        {
            throw MemberReader.Wrong(where, "an entry", "null");
        }

        while (MemberReader.NextMember(ref json) is { } member)
        {
            switch (member)
            {
                case "name": members.Name = MemberReader.Text(ref json, where); break;
                case "type": members.Type = MemberReader.Text(ref json, where); break;
                case "mode": members.Permissions = ReadMode(ref json, where); break;
                case "size": members.Length = MemberReader.Number(ref json, where); break;
                case "mtime": members.Modified = MemberReader.Time(ref json, where); break;
                case "uid": members.Uid = MemberReader.Id(ref json, where); break;
                case "gid": members.Gid = MemberReader.Id(ref json, where); break;
                case "obj": members.Object = MemberReader.Object(ref json, where); break;
                case "summ": members.Summary = ReadSummary(ref json, where); break;
                case "posix": members.Posix = ReadPosix(ref json, where); break;
                case "major": members.Major = MemberReader.Id(ref json, where); break;
                case "minor": members.Minor = MemberReader.Id(ref json, where); break;
                default: json.Skip(); break;
            }
        }

        return members.Length >= 0 ? members : throw MemberReader.Wrong(where, $"a length of '{members.Name}'", "a negative one");
    }

    private static uint ReadMode(ref Utf8JsonReader json, string where)
    {
        string text = MemberReader.Text(ref json, where);
        return GoMode.TryParse(text, out uint permissions) ? permissions : throw MemberReader.Wrong(where, "an octal mode", $"'{text}'");
    }

    private static List<PathProblem> ReadErrors(ref Utf8JsonReader json, string where)
    {
        List<PathProblem> errors = [];
        if (!MemberReader.EnterArray(ref json, where))
        {
            return errors;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            string path = "", message = "";
            if (MemberReader.EnterObject(ref json, where))
            {
                while (MemberReader.NextMember(ref json) is { } member)
                {
                    switch (member)
                    {
                        case "path": path = MemberReader.Text(ref json, where); break;
                        case "error": message = MemberReader.Text(ref json, where); break;
                        default: json.Skip(); break;
                    }
                }
            }

            errors.Add(new PathProblem(path, message));
        }

        return errors;
    }

    private static PosixExtras? ReadPosix(ref Utf8JsonReader json, string where)
    {
        if (!MemberReader.EnterObject(ref json, where))
        {
            return null;
        }

        PosixExtras posix = new();
        while (MemberReader.NextMember(ref json) is { } member)
        {
            switch (member)
            {
                case "name": posix = posix with { RawName = MemberReader.Bytes(ref json, where) }; break;
                case "link": posix = posix with { LinkGroup = MemberReader.Text(ref json, where) }; break;
                case "xattrs": posix = posix with { Attributes = ReadAttributes(ref json, where) }; break;
                case "holes": posix = posix with { Holes = ReadHoles(ref json, where) }; break;
                case "manyHoles": posix = posix with { HasManyHoles = MemberReader.Flag(ref json, where) }; break;
                case "fresh": posix = posix with { IsFresh = MemberReader.Flag(ref json, where) }; break;
                default: json.Skip(); break;
            }
        }

        return posix;
    }

    private static List<ExtendedAttribute> ReadAttributes(ref Utf8JsonReader json, string where)
    {
        List<ExtendedAttribute> attributes = [];
        if (MemberReader.EnterObject(ref json, where))
        {
            while (MemberReader.NextMember(ref json) is { } name)
            {
                attributes.Add(new ExtendedAttribute(name, MemberReader.Bytes(ref json, where)));
            }
        }

        return attributes;
    }

    private static List<FileRange> ReadHoles(ref Utf8JsonReader json, string where)
    {
        List<FileRange> holes = [];
        if (!MemberReader.EnterArray(ref json, where))
        {
            return holes;
        }

        long end = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            long offset = MemberReader.Number(ref json, where);
            json.Read();
            FileRange hole = new(offset, MemberReader.Number(ref json, where));
            if (hole.OffsetBytes < end || hole.LengthBytes <= 0 || hole.End < hole.OffsetBytes)
            {
                throw MemberReader.Wrong(where, "holes in ascending order", $"one at {hole.OffsetBytes} of {hole.LengthBytes} bytes");
            }

            holes.Add(hole);
            end = hole.End;
        }

        return holes;
    }

    private struct Members
    {
        public string Name;
        public string? Type;
        public uint Permissions;
        public long Length;
        public UnixNanos Modified;
        public uint Uid;
        public uint Gid;
        public ObjectId? Object;
        public DirectorySummary? Summary;
        public PosixExtras? Posix;
        public uint Major;
        public uint Minor;
    }
}
