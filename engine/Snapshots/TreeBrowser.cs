using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Looks into the trees of a repository's snapshots, as of its last refresh. May be called concurrently.</summary>
public sealed class TreeBrowser(KopiaRepository repository)
{
    private readonly SnapshotCatalog _catalog = new(repository);

    /// <summary>Finds what a text like <c>SNAPSHOT-ID/path/to/entry</c> means; the id alone means the snapshot's root.</summary>
    /// <exception cref="BackupException">InvalidInput: it does not start with an id; NotFound: no such snapshot or entry; Corrupt.</exception>
    public async Task<DirectoryEntry> FindAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        string id = slash < 0 ? path : path[..slash];
        if (!ManifestId.TryParse(id, out ManifestId snapshot))
        {
            throw new BackupException(ErrorKind.InvalidInput, $"'{id}' is not the id of a snapshot.", "Name a snapshot by its id, then a slash and the path in it; list the snapshots for their ids.");
        }

        TreeSnapshot found = await _catalog.GetAsync(snapshot, cancellationToken);
        return await FindAsync(found.Root, slash < 0 ? "" : path[slash..], cancellationToken);
    }

    /// <summary>Finds an entry below another; no names at all mean that entry itself.</summary>
    /// <param name="path">Names as <see cref="DirectoryEntry.Name"/> has them, with slashes between; empty ones do not count.</param>
    /// <exception cref="BackupException">NotFound; Corrupt.</exception>
    public async Task<DirectoryEntry> FindAsync(DirectoryEntry root, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(path);
        DirectoryEntry entry = root;
        string walked = "";
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Kind != EntryKind.Directory)
            {
                throw new BackupException(ErrorKind.NotFound, $"'{walked}' in the snapshot is not a directory, so there is no '{name}' in it.", "List the directory above it.");
            }

            entry = await FindChildAsync(entry, name, cancellationToken)
                ?? throw new BackupException(ErrorKind.NotFound, $"There is no '{name}' in the directory '/{walked}' of the snapshot.", "List that directory for the names in it.");
            walked = EntryNames.Join(walked, name);
        }

        return entry;
    }

    /// <summary>The entries of a directory in the order of its object: directories first, each kind by name.</summary>
    /// <exception cref="BackupException">Corrupt.</exception>
    public IAsyncEnumerable<DirectoryEntry> ListAsync(DirectoryEntry directory, CancellationToken cancellationToken) => ListAsync(directory, [], cancellationToken);

    /// <summary>The same; and when the last entry was read, the pipes and device nodes of the directory are added to <paramref name="specials"/>.</summary>
    /// <exception cref="BackupException">Corrupt.</exception>
    public async IAsyncEnumerable<DirectoryEntry> ListAsync(
        DirectoryEntry directory, ICollection<SpecialEntry> specials, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specials);
        await using DirectoryReader reader = await OpenAsync(directory, cancellationToken);
        while (await reader.ReadAsync(cancellationToken) is { } entry)
        {
            yield return entry;
        }

        foreach (SpecialEntry special in reader.Specials)
        {
            specials.Add(special);
        }
    }

    /// <summary>The pipes and device nodes of a directory, which are not among its entries.</summary>
    /// <exception cref="BackupException">Corrupt.</exception>
    public async Task<IReadOnlyList<SpecialEntry>> ListSpecialsAsync(DirectoryEntry directory, CancellationToken cancellationToken)
    {
        await using DirectoryReader reader = await OpenAsync(directory, cancellationToken);
        while (await reader.ReadAsync(cancellationToken) is not null)
        {
        }

        return reader.Specials;
    }

    /// <summary>Opens the bytes of a file, or of a symbolic link's target, from their start; read ahead in bounded memory. The caller disposes the stream.</summary>
    /// <exception cref="BackupException">InvalidInput: it is a directory; NotFound: its data is not in the repository.</exception>
    public Task<Stream> OpenFileAsync(DirectoryEntry file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind != EntryKind.Directory
            ? repository.OpenObjectAsync(file.ObjectId, cancellationToken)
            : throw new BackupException(ErrorKind.InvalidInput, $"'{file.Name}' is a directory.", "Name a file in it.");
    }

    private async Task<DirectoryEntry?> FindChildAsync(DirectoryEntry directory, string name, CancellationToken cancellationToken)
    {
        await foreach (DirectoryEntry child in ListAsync(directory, cancellationToken))
        {
            if (child.Name == name)
            {
                return child;
            }
        }

        return null;
    }

    private Task<DirectoryReader> OpenAsync(DirectoryEntry directory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return directory.Kind == EntryKind.Directory
            ? DirectoryReader.OpenAsync(repository, directory.ObjectId, cancellationToken)
            : throw new BackupException(ErrorKind.InvalidInput, $"'{directory.Name}' is not a directory.", "List the directory that holds it.");
    }
}
