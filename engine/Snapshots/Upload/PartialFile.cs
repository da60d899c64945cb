using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>A large file while its parts are uploaded: what is finished of it can be saved by a checkpoint.</summary>
internal sealed class PartialFile(DirectoryEntry entry, int number)
{
    private readonly Lock _lock = new(); // guards the list
    private readonly List<(ObjectId Id, long LengthBytes)> _parts = [];

    public void Add(ObjectId id, long lengthBytes)
    {
        lock (_lock)
        {
            _parts.Add((id, lengthBytes));
        }
    }

    /// <summary>An entry that holds the finished parts, under a name that is not the file's; null when there are none.</summary>
    public async Task<DirectoryEntry?> WriteCheckpointAsync(WriteSession session, CancellationToken cancellationToken)
    {
        (ObjectId Id, long LengthBytes)[] parts;
        lock (_lock)
        {
            parts = [.. _parts];
        }

        return parts.Length == 0 ? null : entry with
        {
            Name = $".checkpointed.{entry.Name}.{number}",
            ObjectId = await session.ConcatenateAsync(parts, cancellationToken),
            LengthBytes = parts.Sum(part => part.LengthBytes),
            Posix = null,
        };
    }
}
