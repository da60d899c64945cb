using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Splitting;

/// <summary>
/// Decides where an object's bytes are cut into contents: section 4 of the format notes, kopia v0.23.1 <c>repo/splitter</c>.
/// A splitter belongs to one object at a time and is not safe for concurrent use.
/// </summary>
internal abstract class Splitter
{
    /// <summary>The splitter of a new repository.</summary>
    public const string DefaultAlgorithm = "DYNAMIC-4M-BUZHASH";

    private const string OldFixed = "FIXED";
    private const string OldDynamic = "DYNAMIC";
    private const string FixedPrefix = "FIXED-";
    private const string DynamicPrefix = "DYNAMIC-";

    /// <summary>Every name that <see cref="Create"/> knows and that may be written into a new repository.</summary>
    public static IReadOnlyList<string> Algorithms { get; } =
    [
        .. Sizes.Select(size => FixedPrefix + size.Name),
        .. Sizes.Select(size => DynamicPrefix + size.Name + BuzhashSplitter.NameSuffix),
        .. Sizes.Select(size => DynamicPrefix + size.Name + RabinKarpSplitter.NameSuffix),
    ];

    /// <summary>No segment is longer than this.</summary>
    public abstract int MaxSegmentBytes { get; }

    private static (string Name, int Bytes)[] Sizes =>
    [
        ("128K", 128 << 10), ("256K", 256 << 10), ("512K", 512 << 10), ("1M", 1 << 20), ("2M", 2 << 20), ("4M", 4 << 20), ("8M", 8 << 20),
    ];

    /// <summary>Makes a splitter at the start of an object. An empty name means what a format blob without one means: <c>FIXED</c>.</summary>
    public static Splitter Create(string name)
    {
        if (name is OldFixed or "")
        {
            return new FixedSplitter(4 << 20);
        }
        if (name == OldDynamic)
        {
            return new BuzhashSplitter(4 << 20);
        }
        foreach (var (sizeName, bytes) in Sizes)
        {
            if (name == FixedPrefix + sizeName)
            {
                return new FixedSplitter(bytes);
            }
            if (name == DynamicPrefix + sizeName + BuzhashSplitter.NameSuffix)
            {
                return new BuzhashSplitter(bytes);
            }
            if (name == DynamicPrefix + sizeName + RabinKarpSplitter.NameSuffix)
            {
                return new RabinKarpSplitter(bytes);
            }
        }
        throw new BackupException(ErrorKind.Unsupported, $"The splitter '{name}' is not known.",
            "Open the repository with a version that knows it, or choose one of: " + string.Join(", ", Algorithms) + ".");
    }

    /// <summary>
    /// How many bytes of <paramref name="data"/> belong to the running segment, up to and including the cut; or -1 when there is
    /// no cut in it. Either way those bytes count as seen: the next call gets the bytes that follow. Where the cuts lie does not
    /// depend on how the object is sliced into calls.
    /// </summary>
    public abstract int NextSplitPoint(ReadOnlySpan<byte> data);

    /// <summary>Back to the start of an object.</summary>
    public abstract void Reset();

    /// <summary>A splitter in the same state that goes its own way.</summary>
    public abstract Splitter Clone();
}
