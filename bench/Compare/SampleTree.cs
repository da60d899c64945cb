using System.Globalization;

namespace BackupFunctions.Bench.Compare;

/// <summary>The trees that are backed up; always the same bytes, names, permissions and times.</summary>
internal sealed class SampleTree(string root)
{
    private const int MarkVersion = 1; // to be raised when the trees change, so that old ones are made anew

    private readonly byte[] _buffer = new byte[4 << 20];
    private readonly List<(string Path, long LengthBytes)> _written = [];
    private DateTime _time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public string Root { get; } = root;

    public long TotalBytes { get; private set; }

    public int FileCount { get; private set; }

    /// <summary>
    /// 2,050 files, about 1.6 GB: large ones that do not compress, large ones of text, medium and small ones of both, and some of
    /// each twice.
    /// </summary>
    public static SampleTree Mixed(string root) => Make(root, tree =>
    {
        const int Files = 2050, LargeCount = 9, TextCount = 10, MediumCount = 140;
        const int LargeBytes = 80_000_000, TextBytes = 40_000_000;
        SteadyBytes choices = new(1);
        for (int i = 0; i < LargeCount; i++)
        {
            ulong seed = (ulong)Math.Min(i, LargeCount - 2); // the last two are equal
            tree.Write($"large/{i:D2}.bin", LargeBytes, 1000 + seed, isText: false);
        }

        for (int i = 0; i < TextCount; i++)
        {
            tree.Write($"text/{i:D2}.log", TextBytes, 2000 + (ulong)i, isText: true);
        }

        for (int i = 0; i < MediumCount; i++)
        {
            tree.WriteOrRepeat($"medium/{i / 20:D2}/{i:D3}", choices.Next(1_000_000, 5_000_000), 3000 + (ulong)i, choices, oneIn: 12);
        }

        for (int i = 0; i < Files - LargeCount - TextCount - MediumCount; i++)
        {
            tree.WriteOrRepeat($"small/{i / 100:D2}/{i:D4}", choices.Next(500, 64_000), 10_000 + (ulong)i, choices, oneIn: 20);
        }
    });

    /// <summary>200,000 files of 200 bytes to 3 kB in 2,000 directories.</summary>
    public static SampleTree SmallFiles(string root) => Make(root, tree =>
    {
        const int Files = 200_000;
        SteadyBytes choices = new(2);
        for (int i = 0; i < Files; i++)
        {
            tree.Write($"{i / 10_000:D2}/{i / 100 % 100:D2}/{i:D6}", choices.Next(200, 3000), 1_000_000 + (ulong)i, isText: i % 3 == 0);
        }
    });

    private static SampleTree Make(string root, Action<SampleTree> write)
    {
        SampleTree tree = new(root);
        string mark = root + ".made";
        if (File.Exists(mark) && File.ReadAllText(mark).Split(' ') is [var version, var files, var bytes] && version == $"{MarkVersion}")
        {
            (tree.FileCount, tree.TotalBytes) = (int.Parse(files, CultureInfo.InvariantCulture), long.Parse(bytes, CultureInfo.InvariantCulture));
            return tree;
        }

        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        write(tree);
        foreach (string folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Append(root))
        {
            Directory.SetLastWriteTimeUtc(folder, tree._time);
        }

        File.WriteAllText(mark, $"{MarkVersion} {tree.FileCount} {tree.TotalBytes}");
        return tree;
    }

    /// <summary>Writes a file of its own bytes or, once in <paramref name="oneIn"/>, a copy of an earlier one of the same folder.</summary>
    private void WriteOrRepeat(string name, int lengthBytes, ulong seed, SteadyBytes choices, int oneIn)
    {
        string folder = Path.Combine(Root, name[..name.IndexOf('/', StringComparison.Ordinal)]) + "/";
        List<(string Path, long LengthBytes)> earlier = [.. _written.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal))];
        if (earlier.Count > 0 && choices.Next(0, oneIn) == 0)
        {
            (string source, long length) = earlier[choices.Next(0, earlier.Count)];
            string path = Prepare(name);
            File.Copy(source, path);
            Finish(path, length);
            return;
        }

        Write(name, lengthBytes, seed, isText: choices.Next(0, 2) == 0);
    }

    private void Write(string name, int lengthBytes, ulong seed, bool isText)
    {
        SteadyBytes bytes = new(seed);
        string path = Prepare(name);
        using (FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 }))
        {
            for (int left = lengthBytes; left > 0;)
            {
                Span<byte> part = _buffer.AsSpan(0, Math.Min(left, _buffer.Length));
                if (isText)
                {
                    bytes.FillText(part);
                }
                else
                {
                    bytes.FillRandom(part);
                }

                file.Write(part);
                left -= part.Length;
            }
        }

        Finish(path, lengthBytes);
    }

    private string Prepare(string name)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Root);
        return path;
    }

    private void Finish(string path, long lengthBytes)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | (FileCount % 7 == 0 ? UnixFileMode.UserExecute : 0));
        }

        _time = _time.AddTicks(10_000_019);
        File.SetLastWriteTimeUtc(path, _time);
        _written.Add((path, lengthBytes));
        FileCount++;
        TotalBytes += lengthBytes;
    }
}
