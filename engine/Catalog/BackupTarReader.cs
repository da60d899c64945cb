using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using BackupFunctions.Engine.Catalog.Archive;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// Reads the items of a tarball from a stream, one after the other, from the paths without a version directory (the others are copies
/// of them). The tarball is not trusted: a path that leads out of it, a wrong checksum, a size beyond the limits or a missing end makes
/// a <see cref="BackupException"/> of kind Corrupt that names it. Never holds more than one item. An item that is there twice comes twice.
/// </summary>
public static class BackupTarReader
{
    /// <summary>Largest item: etcd refuses objects over a few MiB, so this leaves room without letting a forged length take the memory.</summary>
    public const int MaxItemBytes = 64 * 1024 * 1024;

    /// <summary>Most entries: ten million objects in two copies each.</summary>
    public const long MaxEntries = 20_000_000;

    /// <summary>Most unpacked bytes, against archives that are small only while packed.</summary>
    public const long MaxTotalBytes = 1024L * 1024 * 1024 * 1024;

    // A path is at most a type, a namespace and a name of 253 characters each, and some words.
    private const int MaxPaxBytes = 64 * 1024;
    private const int BufferBytes = 64 * 1024;

    /// <summary>The items, in the order of the tarball.</summary>
    /// <param name="gzip">The packed tarball, read once and disposed at the end.</param>
    /// <param name="displayName">How errors call it.</param>
    /// <param name="wanted">Which items to read; null for all. The others are passed over.</param>
    public static async IAsyncEnumerable<ArchivedItem> ReadAsync(
        Stream gzip, string displayName, Func<ItemKey, bool>? wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gzip);
        await using BufferedStream tar = new(new GZipStream(EndMark.After(gzip), CompressionMode.Decompress), BufferBytes);
        Cursor cursor = new(tar, displayName, wanted);
        while (await cursor.NextAsync(cancellationToken) is { } item)
        {
            yield return item;
        }
    }

    private sealed class Cursor(Stream tar, string displayName, Func<ItemKey, bool>? wanted)
    {
        private readonly byte[] block = new byte[TarFormat.BlockBytes];
        private long entries;
        private long totalBytes;
        private string current = "the first entry";

        // What pax records or a GNU long name said about the next entry.
        private string? nextPath;
        private long? nextSize;

        public async Task<ArchivedItem?> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                while (await ReadHeaderAsync(cancellationToken) is { } header)
                {
                    if (await ReadEntryAsync(header, cancellationToken) is { } item)
                    {
                        return item;
                    }
                }

                return null;
            }
            catch (EndOfStreamException e)
            {
                throw Corrupt($"it ends in the middle of {current}", e);
            }
            catch (InvalidDataException e)
            {
                throw Corrupt($"it cannot be unpacked after {current}: {e.Message}", e);
            }
        }

        private async Task<TarEntryHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
        {
            int read = await tar.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0 || block.AsSpan(0, read).SequenceEqual(EndMark.Content))
            {
                throw Corrupt($"it ends after {current} without the mark that ends an archive", null);
            }

            if (read < block.Length)
            {
                throw new EndOfStreamException();
            }

            if (!block.AsSpan().ContainsAnyExcept((byte)0))
            {
                await RequireOnlyZerosAsync(cancellationToken);
                return null;
            }

            if (!TarEntryHeader.TryRead(block, out TarEntryHeader header, out string? problem))
            {
                throw Corrupt($"{problem} after {current}", null);
            }

            if (++entries > MaxEntries)
            {
                throw Corrupt($"it has more than {MaxEntries} entries", null);
            }

            return header;
        }

        private async Task<ArchivedItem?> ReadEntryAsync(TarEntryHeader header, CancellationToken cancellationToken)
        {
            switch (header.Type)
            {
                case TarFormat.PaxRecords:
                    byte[] records = await ReadContentAsync(header.SizeBytes, MaxPaxBytes, cancellationToken);
                    if (!TarEntryHeader.TryReadPax(records, out string? path, out long? size))
                    {
                        throw Corrupt($"the extended header after {current} is damaged", null);
                    }

                    nextPath = path ?? nextPath;
                    nextSize = size;
                    return null;
                case TarFormat.GnuLongName:
                    byte[] name = await ReadContentAsync(header.SizeBytes, MaxPaxBytes, cancellationToken);
                    nextPath = Encoding.UTF8.GetString(name.AsSpan().TrimEnd((byte)0));
                    return null;
                default:
                    TarEntryHeader entry = header with { Path = nextPath ?? header.Path, SizeBytes = nextSize ?? header.SizeBytes };
                    nextPath = null;
                    nextSize = null;
                    return await ReadFileAsync(entry, cancellationToken);
            }
        }

        private async Task<ArchivedItem?> ReadFileAsync(TarEntryHeader entry, CancellationToken cancellationToken)
        {
            if (!ItemPath.IsSafe(entry.Path))
            {
                throw Corrupt("it has an entry whose path leads out of it", null);
            }

            current = $"'{entry.Path}'";
            if (entry.Type is not (TarFormat.RegularFile or TarFormat.OldRegularFile)
                || !ItemPath.TryParse(entry.Path, out ItemKey? key)
                || wanted?.Invoke(key.Value) == false)
            {
                await SkipAsync(entry.SizeBytes, cancellationToken);
                return null;
            }

            return new ArchivedItem(key.Value, await ReadContentAsync(entry.SizeBytes, MaxItemBytes, cancellationToken));
        }

        private async Task<byte[]> ReadContentAsync(long sizeBytes, int limitBytes, CancellationToken cancellationToken)
        {
            if (sizeBytes > limitBytes)
            {
                throw Corrupt($"{current} claims {sizeBytes} bytes, more than the {limitBytes} allowed", null);
            }

            Count(sizeBytes);
            byte[] content = new byte[sizeBytes];
            await tar.ReadExactlyAsync(content, cancellationToken);
            await tar.ReadExactlyAsync(block.AsMemory(0, TarFormat.PaddingAfter(sizeBytes)), cancellationToken);
            return content;
        }

        private async Task SkipAsync(long sizeBytes, CancellationToken cancellationToken)
        {
            Count(sizeBytes);
            long rest = sizeBytes + TarFormat.PaddingAfter(sizeBytes);
            while (rest > 0)
            {
                int length = (int)Math.Min(rest, block.Length);
                await tar.ReadExactlyAsync(block.AsMemory(0, length), cancellationToken);
                rest -= length;
            }
        }

        private void Count(long sizeBytes)
        {
            if (sizeBytes > MaxTotalBytes - totalBytes)
            {
                throw Corrupt($"it unpacks to more than {MaxTotalBytes} bytes", null);
            }

            totalBytes += sizeBytes;
        }

        // Reading to the very end also makes the gzip reader compare its check sums. Parts joined in a wrong order are seen here.
        private async Task RequireOnlyZerosAsync(CancellationToken cancellationToken)
        {
            List<byte> mark = [];
            int read;
            while ((read = await tar.ReadAsync(block, cancellationToken)) > 0)
            {
                Count(read);
                ReadOnlySpan<byte> rest = block.AsSpan(0, read);
                mark.AddRange(mark.Count == 0 ? rest.TrimStart((byte)0) : rest);
                if (mark.Count > EndMark.Content.Length)
                {
                    throw Corrupt("there is something after its end", null);
                }
            }

            if (mark.Count == 0)
            {
                throw Corrupt("its last bytes are missing", null);
            }

            if (!EndMark.Content.SequenceEqual(mark.ToArray()))
            {
                throw Corrupt("there is something after its end", null);
            }
        }

        private BackupException Corrupt(string problem, Exception? inner) => new(
            ErrorKind.Corrupt,
            $"The tarball {displayName} is damaged: {problem}.",
            "Use another backup, or bring the object back from an older version if the bucket keeps versions; what was read before the damage is not to be trusted to be all.",
            inner);
    }
}
