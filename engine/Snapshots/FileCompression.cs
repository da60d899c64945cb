using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Which files of a tree are compressed, and how; none by default. The rules are Kopia's (<c>snapshot/policy/compression_policy.go</c>).</summary>
public sealed record FileCompression
{
    /// <summary>Nothing is compressed.</summary>
    public static FileCompression None { get; } = new();

    /// <summary>For the files that are compressed.</summary>
    public ObjectCompression Compressor { get; init; }

    /// <summary>Extensions with their dot that are left alone.</summary>
    public IReadOnlySet<string> NeverExtensions { get; init; } = new HashSet<string>();

    /// <summary>Extensions with their dot that are compressed although they are among <see cref="NeverExtensions"/>; as Kopia has it, no others are left out by this.</summary>
    public IReadOnlySet<string> AlwaysExtensions { get; init; } = new HashSet<string>();

    /// <summary>Shorter files are left alone.</summary>
    public long MinBytes { get; init; }

    /// <summary>Longer files are left alone; 0 for no limit.</summary>
    public long MaxBytes { get; init; }

    /// <summary>What is done with a file of this name and length.</summary>
    public ObjectCompression For(string name, long lengthBytes)
    {
        if (Compressor == ObjectCompression.None || lengthBytes < MinBytes || (MaxBytes > 0 && lengthBytes > MaxBytes))
        {
            return ObjectCompression.None;
        }

        int dot = name.LastIndexOf('.');
        string extension = dot < 0 ? "" : name[dot..];
        return NeverExtensions.Contains(extension) && !AlwaysExtensions.Contains(extension) ? ObjectCompression.None : Compressor;
    }
}
