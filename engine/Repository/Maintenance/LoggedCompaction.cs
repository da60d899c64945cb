using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>A compaction log entry with its blob.</summary>
/// <param name="Blob">The <c>m</c> blob.</param>
/// <param name="Inputs">Names of the index blobs that were merged.</param>
/// <param name="Outputs">Names of those that stand for them.</param>
internal sealed record LoggedCompaction(BlobInfo Blob, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);
