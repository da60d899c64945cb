using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>Remembers how long packs are: they never change. Thread-safe.</summary>
internal sealed class PackLengths(IBlobStore store)
{
    /// <summary>Lengths to remember; all are forgotten when there are more.</summary>
    private const int MaxKnown = 100_000;

    private readonly Lock _lock = new(); // guards the field below
    private readonly Dictionary<BlobName, long> _known = [];

    /// <exception cref="BackupException">NotFound: the pack is gone.</exception>
    public async ValueTask<long> GetAsync(BlobName pack, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(pack, out long known))
            {
                return known;
            }
        }

        BlobInfo info = await store.TryGetInfoAsync(pack, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"the pack {pack} is not in {store.DisplayName}", "Verify the repository.");
        lock (_lock)
        {
            if (_known.Count >= MaxKnown)
            {
                _known.Clear();
            }

            _known[pack] = info.LengthBytes;
        }

        return info.LengthBytes;
    }
}
