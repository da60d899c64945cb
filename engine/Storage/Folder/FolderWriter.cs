using System.Security.Cryptography;

namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>
/// Writes blobs so that readers never see a part and a power cut never loses one: the content goes to a temporary file and to
/// the disk, then the file gets its name in one step, then the folders on the way go to the disk.
/// </summary>
internal sealed class FolderWriter(FolderPaths paths, FolderErrors errors, TimeProvider time)
{
    /// <summary>How often a put makes its folders again after a concurrent deletion pruned them.</summary>
    private const int PublishAttempts = 100;

    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>What a killed process left behind; far longer than any single write takes.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    private int sweptStale;

    internal async Task<bool> WriteAsync(BlobName name, PutCondition condition, Func<FileStream, CancellationToken, Task> fill, CancellationToken cancellationToken)
    {
        string target = paths.File(name);
        string subject = $"the blob '{name}'";
        paths.RefuseLinks(target);
        string? temporary = null;
        try
        {
            MakeRoot();
            SweepStaleOnce();
            temporary = Path.Combine(paths.Temporary, RandomNumberGenerator.GetHexString(32, lowercase: true));
            await using (FileStream file = NewFile(temporary))
            {
                await fill(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            bool published = Publish(temporary, target, condition, subject);
            temporary = published ? null : temporary;
            return published;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw errors.From(error, "write", subject);
        }
        finally
        {
            if (temporary is not null)
            {
                _ = PosixFiles.Unlink(temporary);
            }
        }
    }

    /// <summary>Begins a blob that is written in pieces.</summary>
    internal StagedFile Stage(BlobName name)
    {
        string target = paths.File(name);
        paths.RefuseLinks(target);
        try
        {
            MakeRoot();
            SweepStaleOnce();
            string temporary = Path.Combine(paths.Temporary, RandomNumberGenerator.GetHexString(32, lowercase: true));
            return new StagedFile(this, errors, name, temporary, NewFile(temporary));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw errors.From(error, "write", $"the blob '{name}'");
        }
    }

    /// <summary>Brings a staged file to the disk and gives it its name.</summary>
    internal void Publish(FileStream file, string temporary, BlobName name)
    {
        string subject = $"the blob '{name}'";
        try
        {
            file.Flush(flushToDisk: true);
            Publish(temporary, paths.File(name), PutCondition.Always, subject);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw errors.From(error, "write", subject);
        }
    }

    private bool Publish(string temporary, string target, PutCondition condition, string subject)
    {
        for (int attempt = 1; ; attempt++)
        {
            MakeFoldersOf(target, subject);
            int error = condition == PutCondition.IfAbsent ? PosixFiles.PublishNew(temporary, target) : PosixFiles.Rename(temporary, target);
            if (error == PosixFiles.Exists && condition == PutCondition.IfAbsent)
            {
                return Directory.Exists(target) ? throw errors.InTheWay(subject) : false;
            }

            if (error == 0 && (error = SyncFolders(target)) == 0)
            {
                return true;
            }

            if (condition == PutCondition.IfAbsent && PosixFiles.CannotPublishNew(error))
            {
                throw errors.CannotPublishNew();
            }

            // A deletion in between may have pruned a folder that was empty for a moment.
            if (error != PosixFiles.NoEntry || attempt == PublishAttempts || !File.Exists(temporary))
            {
                throw errors.From(error, "write", subject);
            }
        }
    }

    /// <summary>All folders up to the root: another process may have made one of them and not yet synced it.</summary>
    private int SyncFolders(string target)
    {
        foreach (string folder in paths.FoldersOf(target).Reverse().Append(paths.Root))
        {
            int error = PosixFiles.SyncDirectory(folder);
            if (error == PosixFiles.NoEntry)
            {
                return 0; // Deleted again by somebody who saw the blob.
            }

            if (error != 0)
            {
                return error;
            }
        }

        return 0;
    }

    private void MakeFoldersOf(string target, string subject)
    {
        foreach (string folder in paths.FoldersOf(target))
        {
            if (File.Exists(folder))
            {
                throw errors.InTheWay(subject);
            }

            try
            {
                MakeFolder(folder);
            }
            catch (DirectoryNotFoundException)
            {
                return; // Its parent was pruned just now; publishing will say so and try again.
            }
            catch (IOException error) when (error.HResult == PosixFiles.Exists && !File.Exists(folder))
            {
                continue; // It was there when it was to be made and pruned a moment later; the next step, or publishing, will tell.
            }
        }
    }

    private void MakeRoot()
    {
        List<string> missing = [];
        for (string? folder = paths.Root; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Add(folder);
        }

        MakeFolder(paths.Temporary);
        foreach (string folder in missing)
        {
            _ = PosixFiles.SyncDirectory(Path.GetDirectoryName(folder) ?? folder); // May belong to somebody else; then it is theirs to sync.
        }
    }

    private static FileStream NewFile(string path) => OperatingSystem.IsWindows()
        ? throw new PlatformNotSupportedException()
        : new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.ReadWrite, // a staged blob may be read before it is published
            Mode = FileMode.CreateNew,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = FileMode600,
        });

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        Directory.CreateDirectory(folder, FolderMode700);
    }

    private void SweepStaleOnce()
    {
        if (Interlocked.Exchange(ref sweptStale, 1) != 0)
        {
            return;
        }

        DateTime staleBefore = (time.GetUtcNow() - StaleAfter).UtcDateTime;
        foreach (string file in Directory.EnumerateFiles(paths.Temporary))
        {
            if (File.GetLastWriteTimeUtc(file) < staleBefore)
            {
                _ = PosixFiles.Unlink(file); // Gone or not ours: it hides from listings either way.
            }
        }
    }
}
