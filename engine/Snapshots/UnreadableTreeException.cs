using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Something in a snapshot's tree cannot be read; the message names the snapshot and the path.</summary>
internal sealed class UnreadableTreeException(TreeSnapshot snapshot, string path, BackupException failure) : BackupException(
    failure.Kind,
    $"the snapshot {snapshot.Id} of {snapshot.Source.UserName}@{snapshot.Source.Host}:{snapshot.Source.Path} cannot be read at /{path}: {failure.Message}",
    failure.Kind == ErrorKind.Corrupt ? "Repair the repository, or delete this snapshot if it is not wanted any more." : failure.Remedy,
    failure);
