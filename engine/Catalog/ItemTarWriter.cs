using System.IO.Compression;
using System.Text;
using BackupFunctions.Engine.Catalog.Archive;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// Writes items as tar entries into one gzip member, without the mark that ends a tar archive. So a tarball is
/// <see cref="HeaderPart"/>, the parts of any number of writers in any order, and <see cref="EndPart"/>, one after the other:
/// gzip members may follow each other in a file. Entries are as Velero's: regular files of mode 0755, relative paths, a pax header only
/// where a path does not fit. Not for concurrent use. Disposing without <see cref="CompleteAsync"/> leaves a part that is cut off.
/// </summary>
public sealed class ItemTarWriter : IAsyncDisposable
{
    private const int FileMode = 493; // 0755
    private const string VersionPath = "metadata/version";

    private readonly GZipStream gzip;
    private readonly DateTimeOffset modified;
    private readonly byte[] block = new byte[TarFormat.BlockBytes];

    /// <param name="output">Where the part goes; stays open.</param>
    /// <param name="modified">Modification time of the entries.</param>
    public ItemTarWriter(Stream output, DateTimeOffset modified)
    {
        ArgumentNullException.ThrowIfNull(output);
        gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        this.modified = modified;
    }

    /// <summary>Items written so far.</summary>
    public int ItemCount { get; private set; }

    /// <summary>The first part of every tarball: the entry that tells the layout's version.</summary>
    public static byte[] HeaderPart(DateTimeOffset modified)
    {
        byte[] content = Encoding.ASCII.GetBytes(VeleroNames.FormatVersion + "\n");
        byte[] blocks = new byte[TarFormat.BlockBytes * 2];
        TarFormat.WriteHeader(blocks, "", VersionPath, FileMode, content.Length, modified, TarFormat.RegularFile);
        content.CopyTo(blocks, TarFormat.BlockBytes);
        return Zip(blocks);
    }

    /// <summary>The last part of every tarball: the two zero blocks that end it.</summary>
    public static byte[] EndPart() => Zip(new byte[TarFormat.BlockBytes * 2]);

    /// <summary>
    /// Writes one item: below its version, and, when the version is the preferred one, also without a version directory, where every
    /// reader looks for it.
    /// </summary>
    /// <param name="key">Which item.</param>
    /// <param name="version">Version the object was read in, without the group (<c>v1</c>).</param>
    /// <param name="isPreferredVersion">Whether that is the version the cluster prefers for the group.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="BackupException">InvalidInput when the item cannot be a path or is larger than readers take.</exception>
    public async Task AddAsync(ItemKey key, string version, bool isPreferredVersion, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (json.Length > BackupTarReader.MaxItemBytes)
        {
            throw new BackupException(
                ErrorKind.InvalidInput,
                $"{key} has {json.Length} bytes, more than the {BackupTarReader.MaxItemBytes} that an item may have.",
                "Leave it out of the backup.");
        }

        if (isPreferredVersion)
        {
            await WriteFileAsync(ItemPath.Of(key, null), json, cancellationToken);
        }

        await WriteFileAsync(ItemPath.Of(key, isPreferredVersion ? version + "-preferredversion" : version), json, cancellationToken);
        ItemCount++;
    }

    /// <summary>Ends the gzip member; nothing may be added after it.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await gzip.DisposeAsync();
    }

    public ValueTask DisposeAsync() => gzip.DisposeAsync();

    private static byte[] Zip(byte[] blocks)
    {
        using MemoryStream buffer = new();
        using (GZipStream zip = new(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(blocks);
        }

        return buffer.ToArray();
    }

    private async Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        int split = TarFormat.SplitOf(path);
        if (split < 0)
        {
            byte[] record = TarFormat.PaxRecord("path", path);
            TarFormat.WriteHeader(block, "", "PaxHeaders.0/path", FileMode, record.Length, modified, TarFormat.PaxRecords);
            await gzip.WriteAsync(block, cancellationToken);
            await WritePaddedAsync(record, cancellationToken);
            TarFormat.WriteHeader(block, "", "path-in-pax-header", FileMode, content.Length, modified, TarFormat.RegularFile);
        }
        else
        {
            TarFormat.WriteHeader(
                block, path.AsSpan(0, split), split == 0 ? path : path.AsSpan(split + 1), FileMode, content.Length, modified, TarFormat.RegularFile);
        }

        await gzip.WriteAsync(block, cancellationToken);
        await WritePaddedAsync(content, cancellationToken);
    }

    private async Task WritePaddedAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await gzip.WriteAsync(content, cancellationToken);
        int padding = TarFormat.PaddingAfter(content.Length);
        block.AsSpan(0, padding).Clear();
        await gzip.WriteAsync(block.AsMemory(0, padding), cancellationToken);
    }
}
