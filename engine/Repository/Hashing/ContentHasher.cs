using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// The keyed hash that names contents: section 3.1 of the format notes, kopia v0.23.1 <c>repo/hashing</c>. An instance is
/// bound to one algorithm and one secret, keeps no state between calls and may be used from many threads at once.
/// </summary>
internal abstract class ContentHasher : IDisposable
{
    /// <summary>The algorithm of a new repository.</summary>
    public const string DefaultAlgorithm = Blake2bHasher.Truncated;

    /// <summary>Every algorithm that <see cref="Create"/> knows, in the order in which they are offered to people.</summary>
    public static IReadOnlyList<string> Algorithms { get; } =
    [
        Blake2bHasher.Truncated, Blake2bHasher.Full, Blake2sHasher.Short, Blake2sHasher.Full,
        Blake3Hasher.Truncated, Blake3Hasher.Full,
        HmacHasher.Sha256, HmacHasher.Sha256Truncated, HmacHasher.Sha224, HmacHasher.Sha3Of224, HmacHasher.Sha3Of256,
    ];

    /// <summary>Length in bytes of every hash.</summary>
    public abstract int HashLength { get; }

    /// <summary>Whether several inputs side by side are hashed faster than one after the other.</summary>
    public virtual bool HasLanes => false;

    /// <summary>Makes the hasher of the named algorithm. <paramref name="secret"/> is copied; it may be empty.</summary>
    public static ContentHasher Create(string algorithm, ReadOnlySpan<byte> secret) => algorithm switch
    {
        Blake2bHasher.Truncated => new Blake2bHasher(secret, 16),
        Blake2bHasher.Full => new Blake2bHasher(secret, 32),
        Blake2sHasher.Short => new Blake2sHasher(secret, 16),
        Blake2sHasher.Full => new Blake2sHasher(secret, 32),
        Blake3Hasher.Truncated => new Blake3Hasher(secret, 16),
        Blake3Hasher.Full => new Blake3Hasher(secret, 32),
        HmacHasher.Sha256 => HmacHasher.WithSha256(secret, 32),
        HmacHasher.Sha256Truncated => HmacHasher.WithSha256(secret, 16),
        HmacHasher.Sha224 => HmacHasher.WithOpenSsl(secret, "SHA224", 28),
        HmacHasher.Sha3Of224 => HmacHasher.WithOpenSsl(secret, "SHA3-224", 28),
        HmacHasher.Sha3Of256 => HmacHasher.WithOpenSsl(secret, "SHA3-256", 32),
        _ => throw new BackupException(ErrorKind.Unsupported, $"The hash algorithm '{algorithm}' is not known.",
            "Open the repository with a version that knows it, or choose one of: " + string.Join(", ", Algorithms) + "."),
    };

    /// <summary>Hashes <paramref name="data"/> into the first <see cref="HashLength"/> bytes of <paramref name="destination"/>.</summary>
    public abstract void Hash(ReadOnlySpan<byte> data, Span<byte> destination);

    /// <summary>Something that hashes jobs side by side, with the results of <see cref="Hash"/>; only with <see cref="HasLanes"/>.</summary>
    public virtual IHashBatch CreateBatch(IHashQueue queue) => throw new NotSupportedException("This algorithm hashes one input at a time.");

    /// <summary>Forgets the secret.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Zeroes what was derived from the secret.</summary>
    protected abstract void Dispose(bool disposing);
}
