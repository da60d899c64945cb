using BackupFunctions.Engine.Repository.Compression;

namespace BackupFunctions.Engine.Repository;

/// <summary>How the bytes of files are compressed before they are encrypted, by Kopia's names; <c>default</c> is not at all.</summary>
public readonly record struct ObjectCompression
{
    private const string NoneName = "none";

    private ObjectCompression(uint header) => Header = header;

    /// <summary>Not compressed, as Kopia and Velero do it unless told otherwise.</summary>
    public static ObjectCompression None => default;

    /// <summary>The names that <see cref="Parse"/> takes, "none" among them.</summary>
    public static IReadOnlyList<string> Names { get; } = [NoneName, .. Compressor.All.Where(static known => known.CanWrite).Select(static known => known.Name)];

    /// <summary>The four bytes before the stream; 0 for none.</summary>
    internal uint Header { get; }

    /// <exception cref="Errors.BackupException">Unsupported: the name is not Kopia's, or the format is only read here (LZ4).</exception>
    public static ObjectCompression Parse(string name)
    {
        if (name is NoneName or "")
        {
            return None;
        }

        uint header = ContentCompression.HeaderIdFor(name);
        ContentCompression.RequireWritable(header);
        return new ObjectCompression(header);
    }

    public override string ToString() => Header == 0 ? NoneName : ContentCompression.NameOf(Header);
}
