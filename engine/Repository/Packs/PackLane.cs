using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Format;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// The open pack of one kind (<c>p</c> for file data, <c>q</c> for metadata). Everything but entering needs the lane's turn.
/// </summary>
internal sealed class PackLane(char prefix, PackUploader uploader, RepositoryParameters parameters, int maxContentBytes) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private OpenPack? _current;

    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void Leave() => _turn.Release();

    /// <summary>The pack that takes so many bytes next; waits until one may be held in memory.</summary>
    public async ValueTask<OpenPack> PackForAsync(int packedBytes, CancellationToken cancellationToken)
    {
        if (_current is { } open && open.Fits(packedBytes))
        {
            return open;
        }

        CloseCurrent();
        PackSession session = await uploader.EnterPackAsync(cancellationToken);
        int startBytes = parameters.PackHeader.Length + OpenPack.PreambleBytes;
        int capacity = Math.Max(uploader.ClosePackAtBytes + maxContentBytes + RepositoryCrypto.OverheadBytes, startBytes + packedBytes) + OpenPack.TailBytes;
        _current = new OpenPack(prefix, session, parameters.PackHeader, PooledBytes.Rent(capacity));
        return _current;
    }

    /// <summary>Hands the pack over for upload if it is full.</summary>
    public void CloseIfFull()
    {
        if (_current is { } pack && (pack.LengthBytes >= uploader.ClosePackAtBytes || pack.Entries.Count >= uploader.MaxEntriesPerPack))
        {
            CloseCurrent();
        }
    }

    /// <summary>Hands the pack over for upload, if there is one.</summary>
    public void CloseCurrent()
    {
        if (_current is not { } pack)
        {
            return;
        }

        _current = null;
        pack.Close();
        uploader.StartUpload(pack);
    }

    public void Dispose()
    {
        _current?.Dispose();
        _turn.Dispose();
    }
}
