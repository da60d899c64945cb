using System.Globalization;
using System.Security.Cryptography;
using BackupFunctions.Engine.Files;

namespace BackupFunctions.Cli.Demo;

/// <summary>A file tree as lines, one for each entry, with all that a restore must bring back.</summary>
internal static class TreeState
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Path to what stands there: kind, mode, owner, time, and content, target or the name it shares its inode with.</summary>
    public static SortedDictionary<string, string> Read(string root, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> entries = new(StringComparer.Ordinal);
        using DirectoryHandle folder = DirectoryHandle.Open(root);
        entries["."] = Attributes(folder.GetMetadata()) + Extended(folder.GetExtendedAttributes());
        Read(folder, "", entries, [], cancellationToken);
        return entries;
    }

    private static void Read(DirectoryHandle folder, string path, SortedDictionary<string, string> entries, Dictionary<FileIdentity, string> linked, CancellationToken cancellationToken)
    {
        DirectoryListing listing = folder.List(cancellationToken);
        for (int i = 0; i < listing.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FileName name = listing.NameAt(i);
            FileMetadata metadata = folder.GetMetadata(name);
            string entry = path + name;
            string text = Attributes(metadata);
            switch (metadata.Kind)
            {
                case FileKind.Directory:
                    using (DirectoryHandle below = folder.OpenDirectory(name))
                    {
                        text += Extended(below.GetExtendedAttributes());
                        Read(below, entry + "/", entries, linked, cancellationToken);
                    }

                    break;
                case FileKind.Symlink:
                    text += $" -> {Convert.ToHexStringLower(folder.ReadSymlink(name))}";
                    break;
                case FileKind.Regular:
                    text += $" {metadata.LengthBytes} {Content(folder, name, metadata)}{Extended(folder.GetExtendedAttributes(name))}";
                    text += metadata.LinkCount > 1 && !linked.TryAdd(metadata.Identity, entry) ? $" = {linked[metadata.Identity]}" : "";
                    break;
            }

            entries[entry] = text;
        }
    }

    private static string Attributes(FileMetadata metadata) =>
        $"{metadata.Kind} {Convert.ToString(metadata.Permissions, 8)} {metadata.Uid}:{metadata.Gid} {metadata.Modified}";

    private static string Extended(IReadOnlyList<ExtendedAttribute>? attributes) =>
        string.Concat((attributes ?? []).OrderBy(attribute => attribute.Name, StringComparer.Ordinal).Select(attribute => $" {attribute.Name}={Convert.ToHexStringLower(attribute.Value.Span)}"));

    private static string Content(DirectoryHandle folder, FileName name, FileMetadata metadata)
    {
        using ReadableFile file = folder.OpenFile(name);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long offset = 0;
        for (int read; offset < metadata.LengthBytes && (read = file.Read(offset, buffer)) > 0; offset += read)
        {
            hash.AppendData(buffer, 0, read);
        }

        return offset.ToString(CultureInfo.InvariantCulture) + ":" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
