namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// The open pack of one kind (<c>p</c> for file data, <c>q</c> for metadata). Everything but entering needs the lane's turn.
/// </summary>
internal sealed class PackLane(char prefix, PackUploader uploader) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private OpenPack? _current;

    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void Leave() => _turn.Release();

    /// <summary>The pack that takes what comes next; waits until one more may be open.</summary>
    public async ValueTask<OpenPack> CurrentAsync(CancellationToken cancellationToken) =>
        _current ??= await uploader.OpenPackAsync(prefix, cancellationToken);

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

    public async ValueTask DisposeAsync()
    {
        if (_current is { } pack)
        {
            await pack.DisposeAsync();
        }

        _turn.Dispose();
    }
}
