using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Output;

/// <summary>Writes entries of a tree as they come, a line each: as names, as <c>ls -l</c> does, or as JSON.</summary>
internal sealed class EntryLines(TextWriter output, OutputFormat format, bool isLong)
{
    private const string AccessLetters = "rwxrwxrwx";

    public Task WriteAsync(DirectoryEntry entry, string path) => format switch
    {
        OutputFormat.Table => output.WriteLineAsync(HumanText.OneLine(isLong ? LongLine(entry, path) : NameOf(entry, path))),
        OutputFormat.Json => output.WriteLineAsync(NodeOf(entry, path).ToJsonString()),
        _ => output.WriteAsync("---\n" + ObjectWriter.Write(NodeOf(entry, path), format)),
    };

    private static string NameOf(DirectoryEntry entry, string path) => entry.Kind == EntryKind.Directory ? path + "/" : path;

    private static string LongLine(DirectoryEntry entry, string path)
    {
        string time = entry.Modified.ToDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        long bytes = entry.Summary?.TotalBytes ?? entry.LengthBytes; // of a directory: of all files below it
        return string.Create(CultureInfo.InvariantCulture, $"{ModeOf(entry)} {entry.Uid,6} {entry.Gid,6} {bytes,14} {time} {NameOf(entry, path)}");
    }

    private static string ModeOf(DirectoryEntry entry)
    {
        Span<char> mode = stackalloc char[1 + AccessLetters.Length];
        mode[0] = LetterOf(entry.Kind);
        for (int bit = 0; bit < AccessLetters.Length; bit++)
        {
            mode[1 + bit] = (entry.Permissions & (0x100u >> bit)) != 0 ? AccessLetters[bit] : '-';
        }

        Mark(mode, 3, (entry.Permissions & 0x800) != 0, 's');
        Mark(mode, 6, (entry.Permissions & 0x400) != 0, 's');
        Mark(mode, 9, (entry.Permissions & 0x200) != 0, 't');
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
}
