using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// Makes index blobs searchable: from the cache folder if there is one, else decrypted into a nameless file of the scratch folder, or
/// into memory where they are small or there is no such folder. What lies in files is mapped, not loaded. Thread-safe.
/// </summary>
internal sealed class IndexBlobLoader(IBlobStore store, RepositoryCrypto crypto, RepositoryParameters parameters, RepositoryOptions options, TimeProvider time)
{
    /// <summary>Longer blobs do not fit into memory that is addressed by 31 bits, or should not be in memory.</summary>
    private const int MaxMappedBytes = int.MaxValue;

    private const int MaxMemoryBytes = 1 << 30;

    /// <summary>Blobs up to here are kept in memory if there is no cache folder.</summary>
    private const int MaxSmallBytes = 1 << 20;

    /// <summary>A cached file up to here is read through whenever it is opened, so it need not be synced when it is written.</summary>
    private const int AlwaysReadBytes = 4 << 20;

    private const int MaxFileNameLength = 200;
    private const string TemporarySuffix = ".tmp";
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>A larger cached file is read through again when that was last done this long ago; its time of change says when.</summary>
    private static readonly TimeSpan TrustCachedFor = TimeSpan.FromDays(1);

    /// <summary>Files that are not active any more stay this long: other processes may still want them.</summary>
    private static readonly TimeSpan KeepInactive = TimeSpan.FromHours(1);

    private readonly string? _cacheFolder = options.CacheFolder is { } folder ? Path.Combine(folder, Convert.ToHexStringLower(parameters.UniqueId)) : null;

    /// <summary>Whether there is another place than memory.</summary>
    public bool HasFolder => _cacheFolder is not null || options.ScratchFolder is not null;

    /// <summary>Makes one blob searchable.</summary>
    /// <param name="mayStayInMemory">Whether there is little to load in all, so that a small blob need not go to a file.</param>
    /// <exception cref="BackupException">NotFound; Corrupt; AccessDenied or Unavailable: the folder cannot be used.</exception>
    public async Task<IndexSegment> LoadAsync(BlobInfo blob, bool mayStayInMemory, CancellationToken cancellationToken)
    {
        string name = blob.Name.ToString();
        bool isFileName = name.Length <= MaxFileNameLength && !name.Contains('/', StringComparison.Ordinal);
        bool isMappable = blob.LengthBytes is > RepositoryCrypto.OverheadBytes and <= MaxMappedBytes;
        try
        {
            if (isFileName && isMappable && _cacheFolder is not null)
            {
                MakeCacheFolder(_cacheFolder);
                string path = Path.Combine(_cacheFolder, name);
                return TryOpenCached(path, blob) ?? await FetchIntoCacheAsync(path, blob, cancellationToken);
            }

            if (isMappable && options.ScratchFolder is { } scratch && (blob.LengthBytes > MaxSmallBytes || !mayStayInMemory))
            {
                return await FetchIntoScratchAsync(Path.Combine(scratch, "index-" + RandomName() + TemporarySuffix), blob, cancellationToken);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                error is UnauthorizedAccessException ? ErrorKind.AccessDenied : ErrorKind.Unavailable, $"The index blob {name} cannot be kept in the folder '{_cacheFolder ?? options.ScratchFolder}': {error.Message}", "Name a folder of your own with enough free space.", error);
        }

        byte[] stored = await WholeBlob.ReadAsync(store, blob, MaxMemoryBytes, cancellationToken);
        return IndexSegment.Parse(name, crypto.DecryptBlob(blob.Name, stored));
    }

    /// <summary>Removes cached files that are of no use any more.</summary>
    /// <param name="active">All that count now.</param>
    public void Sweep(IEnumerable<BlobInfo> active)
    {
        if (_cacheFolder is null || !Directory.Exists(_cacheFolder))
        {
            return;
        }

        HashSet<string> names = [.. active.Select(static blob => blob.Name.ToString())];
        DateTime before = (time.GetUtcNow() - KeepInactive).UtcDateTime;
        try
        {
            foreach (FileInfo file in new DirectoryInfo(_cacheFolder).EnumerateFiles())
            {
                if (!names.Contains(file.Name) && file.LastWriteTimeUtc < before)
                {
                    file.Delete();
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ErrorKind.AccessDenied, $"The folder '{_cacheFolder}' cannot be cleaned up: {error.Message}", "Name a folder of your own, or remove it.", error);
        }
    }

    private IndexSegment? TryOpenCached(string path, BlobInfo blob)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        DateTime now = time.GetUtcNow().UtcDateTime;
        bool isOld = blob.LengthBytes <= AlwaysReadBytes || (now - File.GetLastWriteTimeUtc(file)).Duration() > TrustCachedFor;
        if (!IndexFile.IsWhole(file, blob, readAll: isOld))
        {
            return null; // fetched again, in its place
        }

        if (isOld && blob.LengthBytes > AlwaysReadBytes)
        {
            File.SetLastWriteTimeUtc(path, now);
        }

        return IndexFile.Map(file, blob);
    }

    private async Task<IndexSegment> FetchIntoCacheAsync(string path, BlobInfo blob, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{RandomName()}{TemporarySuffix}";
        try
        {
            using FileStream file = Create(temporary);
            await IndexFile.WriteAsync(file.SafeFileHandle, store, blob, crypto, cancellationToken);
            if (blob.LengthBytes > AlwaysReadBytes)
            {
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }

            File.Move(temporary, path, overwrite: true);
            return IndexFile.Map(file.SafeFileHandle, blob);
        }
        finally
        {
            File.Delete(temporary); // there only if something failed
        }
    }

    private async Task<IndexSegment> FetchIntoScratchAsync(string path, BlobInfo blob, CancellationToken cancellationToken)
    {
        using FileStream file = Create(path);
        File.Delete(path); // it lives on until nobody has it open or mapped, and then is gone however the process ended
        await IndexFile.WriteAsync(file.SafeFileHandle, store, blob, crypto, cancellationToken);
        return IndexFile.Map(file.SafeFileHandle, blob);
    }

    private static void MakeCacheFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        Directory.CreateDirectory(folder, PrivateFolder);
        if ((File.GetUnixFileMode(folder) & OthersMayWrite) != 0)
        {
            throw new UnauthorizedAccessException("others may write to it"); // and could cut a file that is mapped
        }
    }

    private static FileStream Create(string path) => OperatingSystem.IsWindows()
        ? throw new PlatformNotSupportedException()
        : new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.ReadWrite,
            Mode = FileMode.CreateNew,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = PrivateFile,
        });

    private static string RandomName() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
