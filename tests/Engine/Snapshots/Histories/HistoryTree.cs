using System.Globalization;
using System.Security.Cryptography;

namespace BackupFunctions.Tests.Engine.Snapshots.Histories;

/// <summary>A small tree that changes at random: files of one to several contents, some bytes common to several files and trees.</summary>
internal sealed class HistoryTree
{
    private const int MaxFileBytes = 500_000;
    private static readonly UnixFileMode[] Modes = [Mode("644"), Mode("600"), Mode("755")];

    private readonly string _root;
    private readonly IReadOnlyList<byte[]> _common;
    private DateTime _time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <param name="root">A folder that is not there yet.</param>
    /// <param name="common">Bytes that files of any tree may hold.</param>
    public HistoryTree(string root, IReadOnlyList<byte[]> common)
    {
        (_root, _common) = (root, common);
        Directory.CreateDirectory(root);
    }

    public string Root => _root;

    /// <summary>One line for every entry below a folder: kind, permissions, time, and the hash of the bytes or the target.</summary>
    public static SortedDictionary<string, string> Describe(string root)
    {
        SortedDictionary<string, string> lines = new(StringComparer.Ordinal);
        foreach (FileSystemInfo entry in new DirectoryInfo(root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            string what = entry switch
            {
                { LinkTarget: { } target } => "link to " + target,
                FileInfo file => string.Create(CultureInfo.InvariantCulture, $"file of {file.Length} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName)))}"),
                _ => "directory",
            };
            lines.Add(
                Path.GetRelativePath(root, entry.FullName),
                string.Create(CultureInfo.InvariantCulture, $"{what}, {(entry.LinkTarget is null ? entry.UnixFileMode : 0)}, {entry.LastWriteTimeUtc:O}"));
        }

        return lines;
    }

    /// <summary>Adds, rewrites, renames and deletes a few entries; sometimes nothing at all.</summary>
    public void Change(Random random)
    {
        for (int changes = random.Next(6); changes > 0; changes--)
        {
            Change(random, random.Next(10));
        }

        foreach (string folder in Directory.EnumerateDirectories(_root, "*", SearchOption.AllDirectories))
        {
            Directory.SetLastWriteTimeUtc(folder, _time);
        }
    }

    private void Change(Random random, int kind)
    {
        string[] files = Directory.GetFiles(_root, "*", SearchOption.AllDirectories);
        string? file = files.Length > 0 ? files[random.Next(files.Length)] : null;
        switch (kind)
        {
            case 0 or 1 when file is not null:
                File.Delete(file);
                break;
            case 2 when file is not null:
                File.Move(file, Path.Combine(_root, $"moved{random.Next(1000)}"), overwrite: true);
                break;
            case 3:
                string link = Path.Combine(_root, $"link{random.Next(5)}");
                File.Delete(link);
                File.CreateSymbolicLink(link, $"target{random.Next(1000)}");
                break;
            case 4 when Directory.GetDirectories(_root) is { Length: > 0 } folders:
                Directory.Delete(folders[random.Next(folders.Length)], recursive: true);
                break;
            default:
                Write(random);
                break;
        }
    }

    private void Write(Random random)
    {
        string folder = random.Next(3) == 0 ? _root : Path.Combine(_root, $"d{random.Next(3)}", random.Next(2) == 0 ? "" : $"e{random.Next(2)}");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"f{random.Next(6)}");
        byte[] bytes = random.Next(3) == 0 ? _common[random.Next(_common.Count)] : new byte[random.Next(4) == 0 ? random.Next(MaxFileBytes) : random.Next(20_000)];
        if (!_common.Contains(bytes) && random.Next(8) != 0)
        {
            random.NextBytes(bytes); // else they are zeros
        }

        File.Delete(file);
        File.WriteAllBytes(file, bytes);
        _time = _time.AddTicks(random.Next(1, 100_000_000));
        File.SetLastWriteTimeUtc(file, _time);
        File.SetUnixFileMode(file, Modes[random.Next(Modes.Length)]);
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);
}
