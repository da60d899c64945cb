using BackupFunctions.Engine.Buffers;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>Reads a content's plain bytes: published ones, or in a write session also those not published yet. The caller disposes the lease.</summary>
internal delegate Task<PooledBytes> ContentSource(ContentId id, CancellationToken cancellationToken);
