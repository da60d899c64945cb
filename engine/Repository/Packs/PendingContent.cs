using BackupFunctions.Engine.Repository.Index;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>A content that has a place in a pack of this session but is in no published index yet.</summary>
internal sealed class PendingContent(OpenPack pack, in IndexEntry entry)
{
    private volatile bool _isWritten;

    public OpenPack Pack { get; } = pack;

    public IndexEntry Entry { get; } = entry;

    /// <summary>Whether its stored bytes are in place.</summary>
    public bool IsWritten => _isWritten;

    public void MarkWritten() => _isWritten = true;
}
