namespace BackupFunctions.Engine.Repository;

/// <summary>How thoroughly a repository is verified. The default reads no data: lists all blobs, reads the small ones, and walks the snapshots' trees.</summary>
public sealed record VerificationOptions
{
    /// <summary>Everything: every content is read and hashed, every pack's own parts are checked.</summary>
    public static VerificationOptions Full { get; } = new() { ContentPercent = 100, PackFrames = true };

    /// <summary>Share of the contents that are read, decrypted, decompressed and hashed: 0 to 100. A sample is chosen anew each time, by pieces of packs, so that requests stay large.</summary>
    public double ContentPercent { get; init; }

    /// <summary>Whether each pack's format bytes, local index and postamble are read and compared with the index.</summary>
    public bool PackFrames { get; init; }

    /// <summary>Whether every directory of every snapshot is read, and every file's contents are looked up. Only for verification with snapshots.</summary>
    public bool Trees { get; init; } = true;

    /// <summary>Packs and directories that are read at a time; each needs up to 16 MiB. At least 1.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>Findings of each severity that are kept; more are only counted. At least 1.</summary>
    public int MaxFindings { get; init; } = 1000;

    /// <summary>Index entries that are held at a time while packs are read; about 100 bytes each.</summary>
    internal int BatchEntries { get; init; } = 500_000;

    /// <summary>All that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (!(ContentPercent is >= 0 and <= 100))
        {
            problems.Add($"a percentage of {ContentPercent} is not within 0 to 100");
        }

        if (Parallelism < 1 || MaxFindings < 1 || BatchEntries < 1)
        {
            problems.Add("parallelism and the number of findings must be at least 1");
        }

        return problems;
    }
}
