using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Cli.Output;

/// <summary>Writes entries of a tree as they come, a line each: as names, as <c>ls -l</c> does, or as JSON.</summary>
internal sealed class EntryLines(TextWriter output, OutputFormat format, bool isLong)
{
    private const string AccessLetters = "rwxrwxrwx";

    public Task WriteAsync(DirectoryEntry entry, string path) => format == OutputFormat.Table
        ? output.WriteLineAsync(HumanText.OneLine(isLong ? LongLine(entry, path) : NameOf(entry, path)))
        : WriteAsync(NodeOf(entry, path));

    /// <summary>A pipe or device node; devices with their numbers in the place of a size.</summary>
    public Task WriteAsync(SpecialEntry entry, string path) => format == OutputFormat.Table
        ? output.WriteLineAsync(HumanText.OneLine(isLong ? LongLine(entry, path) : path))
        : WriteAsync(NodeOf(entry, path));

    private Task WriteAsync(JsonObject node) =>
        format == OutputFormat.Json ? output.WriteLineAsync(node.ToJsonString()) : output.WriteAsync("---\n" + ObjectWriter.Write(node, format));

    private static string NameOf(DirectoryEntry entry, string path) => entry.Kind == EntryKind.Directory ? path + "/" : path;

    private static string LongLine(DirectoryEntry entry, string path)
    {
        long bytes = entry.Summary?.TotalBytes ?? entry.LengthBytes; // of a directory: of all files below it
        return LongLine(ModeOf(LetterOf(entry.Kind), entry.Permissions), entry.Uid, entry.Gid, bytes.ToString(CultureInfo.InvariantCulture), entry.Modified, NameOf(entry, path));
    }

    private static string LongLine(SpecialEntry entry, string path)
    {
        bool isPipe = entry.Kind == FileKind.Fifo;
        char letter = isPipe ? 'p' : entry.Kind == FileKind.CharacterDevice ? 'c' : 'b';
        string device = isPipe ? "0" : string.Create(CultureInfo.InvariantCulture, $"{entry.DeviceMajor}, {entry.DeviceMinor}");
        return LongLine(ModeOf(letter, entry.Permissions), entry.Uid, entry.Gid, device, entry.Modified, path);
    }

    private static string LongLine(string mode, uint uid, uint gid, string size, UnixNanos modified, string path)
    {
        string time = modified.ToDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{mode} {uid,6} {gid,6} {size,14} {time} {path}");
    }

    private static string ModeOf(char letter, uint permissions)
    {
        Span<char> mode = stackalloc char[1 + AccessLetters.Length];
        mode[0] = letter;
        for (int bit = 0; bit < AccessLetters.Length; bit++)
        {
            mode[1 + bit] = (permissions & (0x100u >> bit)) != 0 ? AccessLetters[bit] : '-';
        }

        Mark(mode, 3, (permissions & 0x800) != 0, 's');
        Mark(mode, 6, (permissions & 0x400) != 0, 's');
        Mark(mode, 9, (permissions & 0x200) != 0, 't');
        return mode.ToString();
    }

    private static void Mark(Span<char> mode, int position, bool isSet, char letter)
    {
        if (isSet)
        {
            mode[position] = mode[position] == 'x' ? letter : char.ToUpperInvariant(letter);
        }
    }

    private static char LetterOf(EntryKind kind) => kind switch
    {
        EntryKind.Directory => 'd',
        EntryKind.Symlink => 'l',
        _ => '-',
    };

    private static JsonObject NodeOf(DirectoryEntry entry, string path) => new()
    {
        ["path"] = path,
        ["kind"] = entry.Kind.ToString().ToLowerInvariant(),
        ["mode"] = "0" + Convert.ToString((int)entry.Permissions, toBase: 8),
        ["uid"] = entry.Uid,
        ["gid"] = entry.Gid,
        ["bytes"] = entry.Summary?.TotalBytes ?? entry.LengthBytes,
        ["modified"] = entry.Modified.ToString(),
        ["object"] = entry.ObjectId.ToString(),
    };

    private static JsonObject NodeOf(SpecialEntry entry, string path)
    {
        JsonObject node = new()
        {
            ["path"] = path,
            ["kind"] = entry.Kind switch { FileKind.Fifo => "pipe", FileKind.CharacterDevice => "characterDevice", _ => "blockDevice" },
            ["mode"] = "0" + Convert.ToString((int)entry.Permissions, toBase: 8),
            ["uid"] = entry.Uid,
            ["gid"] = entry.Gid,
            ["modified"] = entry.Modified.ToString(),
        };
        if (entry.Kind != FileKind.Fifo)
        {
            (node["major"], node["minor"]) = (entry.DeviceMajor, entry.DeviceMinor);
        }

        return node;
    }
}
