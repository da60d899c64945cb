using System.Collections.Concurrent;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>Uploads files and symbolic links, or takes them over from a previous snapshot when they did not change.</summary>
internal sealed class FileUploader(WriteSession session, UploadOptions options, UploadLedger ledger, SharedWorkers workers, TimeProvider time)
{
    private const int ReadBytes = 256 << 10; // what was read is still near the processor when it is split
    private const int MaxHoles = 1024;
    private const int MaxPendingParts = 8;

    // Twice the coarsest grain that file systems on Linux stamp changes with, and room for a clock that is a little off.
    private const long FreshNanos = 50_000_000;

    private readonly ConcurrentDictionary<FileIdentity, Uploaded> _linked = new();
    private int _partialFiles;

    public async Task<DirectoryEntry> UploadAsync(
        DirectoryHandle directory,
        FileName name,
        FileMetadata metadata,
        PosixExtras posix,
        DirectoryBuilder builder,
        string parentPath,
        List<DirectoryEntry> previous,
        CancellationToken cancellationToken)
    {
        DirectoryEntry entry = new() { Name = EntryNames.ToText(name), Kind = metadata.Kind == FileKind.Symlink ? EntryKind.Symlink : EntryKind.File };
        entry = With(entry, metadata, posix);
        if (previous.Find(candidate => IsUnchanged(entry, candidate)) is { } unchanged)
        {
            ledger.AddReusedFile(entry.LengthBytes);
            return entry with
            {
                ObjectId = unchanged.ObjectId,
                Posix = Compact(posix with { Holes = unchanged.Posix?.Holes ?? [], HasManyHoles = unchanged.Posix?.HasManyHoles ?? false }),
            };
        }

        if (entry.Kind == EntryKind.Symlink)
        {
            byte[] target = directory.ReadSymlink(name);
            ledger.AddReadBytes(target.Length);
            return entry with { LengthBytes = target.Length, ObjectId = await session.WriteObjectAsync(target, ObjectKind.File, cancellationToken) };
        }

        if (metadata.LinkCount > 1 && _linked.TryGetValue(metadata.Identity, out Uploaded? known) && known.IsOf(metadata))
        {
            ledger.AddReusedFile(metadata.LengthBytes);
            return entry with { ObjectId = known.Entry.ObjectId, Posix = Compact(posix with { Holes = known.Holes, HasManyHoles = known.HasManyHoles }) };
        }

        return await ReadAsync(directory, name, entry, posix, builder, parentPath, cancellationToken);
    }

    private static DirectoryEntry With(DirectoryEntry entry, FileMetadata metadata, PosixExtras posix) => entry with
    {
        Permissions = metadata.Permissions,
        LengthBytes = metadata.LengthBytes,
        Modified = metadata.Modified,
        Uid = metadata.Uid,
        Gid = metadata.Gid,
        Posix = Compact(posix),
    };

    private static PosixExtras? Compact(PosixExtras posix) => posix.IsEmpty ? null : posix;

    /// <summary>Kopia's rule: same kind, time to the nanosecond, mode, owner, group and length.</summary>
    private static bool IsUnchanged(DirectoryEntry entry, DirectoryEntry previous) =>
        entry.Kind == previous.Kind && entry.Modified == previous.Modified && entry.Permissions == previous.Permissions
        && entry.Uid == previous.Uid && entry.Gid == previous.Gid && entry.LengthBytes == previous.LengthBytes
        && previous.Posix is not { IsFresh: true };

    private async Task<DirectoryEntry> ReadAsync(
        DirectoryHandle directory,
        FileName name,
        DirectoryEntry entry,
        PosixExtras posix,
        DirectoryBuilder builder,
        string parentPath,
        CancellationToken cancellationToken)
    {
        using ReadableFile file = directory.OpenFile(name);
        FileMetadata metadata = file.Metadata; // of what was opened, which may have taken the place of what was listed
        (IReadOnlyList<FileRange> holes, bool hasManyHoles) = FindHoles(file);
        posix = posix with { Holes = holes, HasManyHoles = hasManyHoles };
        entry = With(entry, metadata, posix);
        (ObjectId id, long length) = metadata.LengthBytes > options.PartBytes
            ? await ReadPartsAsync(file, entry, builder, cancellationToken)
            : await ReadRangeAsync(file, 0, metadata.LengthBytes, CompressionOf(entry), cancellationToken);
        FileMetadata after = file.GetMetadata();
        if (after.Modified != metadata.Modified || after.LengthBytes != metadata.LengthBytes)
        {
            ledger.AddWarning(EntryNames.Join(parentPath, name), "It was changed while it was read; what was kept may be part old and part new.");
        }

        // Asked after reading, so that a change up to now is either in the time or within the grain that makes it fresh.
        posix = posix with { IsFresh = Math.Abs(UnixNanos.From(time.GetUtcNow()).Value - after.Modified.Value) < FreshNanos };
        entry = entry with { ObjectId = id, LengthBytes = length, Posix = Compact(posix) };
        ledger.AddReadFile();
        if (metadata.LinkCount > 1)
        {
            _linked[metadata.Identity] = new Uploaded(entry, holes, hasManyHoles);
        }

        return entry;
    }

    private ObjectCompression CompressionOf(DirectoryEntry entry) => options.Compression?.For(entry.Name, entry.LengthBytes) ?? ObjectCompression.None;

    /// <summary>Reads at most the given range: what is appended meanwhile belongs to the next backup.</summary>
    private async Task<(ObjectId Id, long LengthBytes)> ReadRangeAsync(
        ReadableFile file, long offset, long length, ObjectCompression compression, CancellationToken cancellationToken)
    {
        await using ObjectWriter writer = session.CreateObjectWriter(ObjectKind.File, length, compression);
        long done = 0;
        while (done < length)
        {
            Memory<byte> memory = writer.GetMemory((int)Math.Min(ReadBytes, length - done));
            int count = file.Read(offset + done, memory.Span);
            if (count == 0)
            {
                break; // it was cut short meanwhile
            }

            await writer.AdvanceAsync(count, cancellationToken);
            done += count;
            ledger.AddReadBytes(count);
        }

        return (await writer.FinishAsync(cancellationToken), done);
    }

    private async Task<(ObjectId Id, long LengthBytes)> ReadPartsAsync(
        ReadableFile file, DirectoryEntry entry, DirectoryBuilder builder, CancellationToken cancellationToken)
    {
        PartialFile partial = new(entry, Interlocked.Increment(ref _partialFiles));
        List<(ObjectId Id, long LengthBytes)> parts = [];
        builder.Begin(partial);
        try
        {
            await using OrderedWork<(ObjectId Id, long LengthBytes)> work = new(
                workers,
                part =>
                {
                    if (part.LengthBytes > 0)
                    {
                        parts.Add(part);
                        partial.Add(part.Id, part.LengthBytes);
                    }
                },
                MaxPendingParts);
            for (long offset = 0; offset < entry.LengthBytes; offset += options.PartBytes)
            {
                long start = offset;
                long length = Math.Min(options.PartBytes, entry.LengthBytes - start);
                await work.AddAsync(() => ReadRangeAsync(file, start, length, CompressionOf(entry), cancellationToken));
            }

            await work.FinishAsync();
        }
        finally
        {
            builder.End(partial);
        }

        return parts.Count == 0
            ? (await session.WriteObjectAsync(ReadOnlyMemory<byte>.Empty, ObjectKind.File, cancellationToken), 0)
            : (await session.ConcatenateAsync(parts, cancellationToken), parts.Sum(part => part.LengthBytes));
    }

    private static (IReadOnlyList<FileRange> Holes, bool HasMany) FindHoles(ReadableFile file)
    {
        if (!file.Metadata.MayHaveHoles)
        {
            return ([], false);
        }

        List<FileRange> holes = [];
        long length = file.Metadata.LengthBytes;
        long offset = 0;
        while (offset < length)
        {
            FileRange? data = file.FindData(offset);
            long end = Math.Min(data?.OffsetBytes ?? length, length);
            if (end > offset)
            {
                holes.Add(new FileRange(offset, end - offset));
            }

            if (holes.Count > MaxHoles)
            {
                return ([], true);
            }

            offset = data?.End ?? length;
        }

        return (holes, false);
    }

    private sealed record Uploaded(DirectoryEntry Entry, IReadOnlyList<FileRange> Holes, bool HasManyHoles)
    {
        public bool IsOf(FileMetadata metadata) => Entry.Modified == metadata.Modified && Entry.LengthBytes == metadata.LengthBytes;
    }
}
