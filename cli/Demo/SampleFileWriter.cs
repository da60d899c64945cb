using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Cli.Demo;

/// <summary>Writes files below one folder; what is in them follows from the seed and the name.</summary>
internal sealed partial class SampleFileWriter(string root, int seed)
{
    private const int BufferBytes = 256 * 1024;

    private static readonly string[] Words = ["Info", "Warn", "scan", "series", "queue", "import", "episode", "indexer", "download", "finished", "retry", "token"];

    /// <summary>A file that does not compress.</summary>
    public async Task RandomAsync(string name, int lengthBytes, CancellationToken cancellationToken)
    {
        Random random = RandomOf(name);
        await using FileStream file = Create(name);
        await WriteRandomAsync(file, random, lengthBytes, cancellationToken);
    }

    /// <summary>A file like a log, which compresses well.</summary>
    public async Task TextAsync(string name, int lines, CancellationToken cancellationToken)
    {
        Random random = RandomOf(name);
        await using StreamWriter text = new(Create(name));
        for (int line = 0; line < lines; line++)
        {
            string words = string.Join(' ', random.GetItems(Words, 6));
            await text.WriteAsync($"{line:D6}|{words}|{random.Next():x8}\n".AsMemory(), cancellationToken);
        }
    }

    /// <summary>A file with data at the given offsets and holes elsewhere.</summary>
    public async Task SparseAsync(string name, long lengthBytes, IReadOnlyList<long> offsets, int dataBytes, CancellationToken cancellationToken)
    {
        Random random = RandomOf(name);
        await using FileStream file = Create(name);
        foreach (long offset in offsets)
        {
            file.Position = offset;
            await WriteRandomAsync(file, random, dataBytes, cancellationToken);
        }

        file.SetLength(lengthBytes);
    }

    public void Copy(string existing, string name) => File.Copy(Prepare(existing), Prepare(name));

    public void HardLink(string existing, string name)
    {
        if (NativeLink(Prepare(existing), Prepare(name)) != 0)
        {
            throw new IOException($"Could not link '{name}': {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    public void SymbolicLink(string name, string leadsTo) => File.CreateSymbolicLink(Prepare(name), leadsTo);

    public void MakeFolder(string name) => Directory.CreateDirectory(Path.Combine(root, name));

    public void SetMode(string name, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(root, name), mode);
        }
    }

    private static async Task WriteRandomAsync(FileStream file, Random random, int lengthBytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Math.Min(BufferBytes, lengthBytes)];
        for (int rest = lengthBytes; rest > 0; rest -= buffer.Length)
        {
            random.NextBytes(buffer);
            await file.WriteAsync(buffer.AsMemory(0, Math.Min(rest, buffer.Length)), cancellationToken);
        }
    }

    private Random RandomOf(string name) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{name}"))));

    private FileStream Create(string name) => new(Prepare(name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

    private string Prepare(string name)
    {
        string path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? root);
        return path;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeLink(string existing, string name);
}
