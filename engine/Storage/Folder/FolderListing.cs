using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>
/// Walks the folders in the order of full names: within one folder a sub-folder sorts as its name with a '/', which is just
/// where its blobs belong ("a.b" before "a/b" before "a0"). One folder's names are in memory at a time, per level.
/// </summary>
internal sealed class FolderListing(FolderPaths paths, FolderErrors errors)
{
    private static readonly EnumerationOptions Options = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
    };

    internal async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int slash = prefix.LastIndexOf('/') + 1;
        Stack<IEnumerator<string>> open = new();
        open.Push(Entries(prefix[..slash], prefix[slash..]).GetEnumerator());
        int seen = 0;
        while (open.TryPeek(out IEnumerator<string>? level))
        {
            if (!level.MoveNext())
            {
                open.Pop().Dispose();
                continue;
            }

            string entry = level.Current;
            if (entry.EndsWith('/'))
            {
                open.Push(Entries(entry, "").GetEnumerator());
                continue;
            }

            const int EntriesBetweenYields = 1000;
            if (++seen % EntriesBetweenYields == 0)
            {
                await Task.Yield();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (Info(entry) is { } info)
            {
                yield return info;
            }
        }
    }

    internal async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string entry in Entries(prefix, ""))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.EndsWith('/') && await ListAsync(entry, cancellationToken).AnyAsync(cancellationToken))
            {
                yield return entry[prefix.Length..^1];
            }
        }
    }

    /// <summary>The names in one folder, full, those of folders with a '/' at the end, in order.</summary>
    private List<string> Entries(string folder, string start)
    {
        string path = Path.Combine(paths.Root, folder);
        List<string> names = [];
        try
        {
            if (FolderPaths.IsReserved(folder) || !IsPlain(folder) || paths.FindLink(path, includeFile: false) is not null || !Directory.Exists(path))
            {
                return names;
            }

            FileSystemEnumerable<string> entries = new(
                path,
                (ref FileSystemEntry entry) => folder + entry.FileName.ToString() + (entry.IsDirectory ? "/" : ""),
                Options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.FileName.StartsWith(start, StringComparison.Ordinal),
            };
            names.AddRange(entries.Where(name => !FolderPaths.IsReserved(name) && BlobName.TryParse(name.TrimEnd('/'), out _)));
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Deleted since its name was read.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw errors.From(error, "list", $"the folder '{folder}'");
        }

        names.Sort(Utf8Order.Compare);
        return names;
    }

    private BlobInfo? Info(string name)
    {
        FileInfo file = new(Path.Combine(paths.Root, name));
        try
        {
            return file.Exists ? new BlobInfo(BlobName.Parse(name), file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // Deleted since its name was read.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw errors.From(error, "look at", $"the blob '{name}'");
        }
    }

    /// <summary>Whether the text of a prefix up to its last '/' stays below the root.</summary>
    private static bool IsPlain(string folder) => folder.Length == 0 || BlobName.TryParse(folder[..^1], out _);
}
