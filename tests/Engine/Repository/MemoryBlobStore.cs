using System.Formats.Tar;
using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>
/// A store in memory that can be copied, damaged, and made to fail at the n-th call. A call that fails has not happened; then
/// all later ones fail too, like those of a killed process, unless it is to <see cref="FailOnce"/>.
/// </summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly Lock _lock = new(); // guards _blobs, _times and _calls
    private readonly SortedDictionary<string, byte[]> _blobs;
    private readonly Dictionary<string, DateTimeOffset> _times = [];
    private int _calls;

    public MemoryBlobStore()
        : this([])
    {
    }

    private MemoryBlobStore(IEnumerable<KeyValuePair<string, byte[]>> blobs)
    {
        _blobs = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, byte[] content) in blobs)
        {
            _blobs.Add(name, content);
        }
    }

    public string DisplayName => "memory";

    public bool SupportsConditionalPut { get; init; } = true;

    /// <summary>Gives each blob that is put its time; blobs of a recording are of 1970.</summary>
    public TimeProvider? Time { get; init; } = TimeProvider.System;

    /// <summary>The number of the call that fails, counted from 1; 0 for none.</summary>
    public int FailAtCall { get; init; }

    /// <summary>Counts and fails writing calls only.</summary>
    public bool FailWritesOnly { get; init; }

    /// <summary>Whether only that call fails.</summary>
    public bool FailOnce { get; init; }

    public bool IsDead { get; private set; }

    /// <summary>Calls so far.</summary>
    public int Calls
    {
        get
        {
            lock (_lock)
            {
                return _calls;
            }
        }
    }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _blobs.Keys];
            }
        }
    }

    /// <summary>Bytes of all blobs.</summary>
    public long TotalBytes
    {
        get
        {
            lock (_lock)
            {
                return _blobs.Values.Sum(static content => (long)content.Length);
            }
        }
    }

    /// <summary>The blobs of a recorded repository.</summary>
    public static MemoryBlobStore FromTar(string path)
    {
        List<KeyValuePair<string, byte[]>> blobs = [];
        using FileStream file = File.OpenRead(path);
        using TarReader tar = new(file);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                byte[] content = new byte[entry.Length];
                data.ReadExactly(content);
                blobs.Add(new(entry.Name, content));
            }
        }

        return new MemoryBlobStore(blobs);
    }

    /// <summary>A store with the same blobs that goes its own way.</summary>
    public MemoryBlobStore Copy(int failAtCall = 0, bool failWritesOnly = false, bool failOnce = false)
    {
        lock (_lock)
        {
            MemoryBlobStore copy = new(_blobs) { FailAtCall = failAtCall, FailWritesOnly = failWritesOnly, FailOnce = failOnce, Time = Time };
            foreach ((string name, DateTimeOffset time) in _times)
            {
                copy._times.Add(name, time);
            }

            return copy;
        }
    }

    public byte[] Get(string name)
    {
        lock (_lock)
        {
            return _blobs[name];
        }
    }

    public void Set(string name, byte[] content)
    {
        lock (_lock)
        {
            _blobs[name] = content;
        }
    }

    public void Remove(string name)
    {
        lock (_lock)
        {
            _blobs.Remove(name);
        }
    }

    /// <summary>Writes all blobs as files.</summary>
    public void SaveTo(string folder)
    {
        lock (_lock)
        {
            foreach ((string name, byte[] content) in _blobs)
            {
                File.WriteAllBytes(Path.Combine(folder, name), content);
            }
        }
    }

    public async Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken)
    {
        await CallAsync(isWrite: false, cancellationToken);
        lock (_lock)
        {
            return _blobs.TryGetValue(name.ToString(), out byte[]? content) ? Info(name, content) : null;
        }
    }

    public async Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken)
    {
        await CallAsync(isWrite: false, cancellationToken);
        byte[]? content;
        lock (_lock)
        {
            _blobs.TryGetValue(name.ToString(), out content);
        }

        if (content is null)
        {
            throw new BackupException(ErrorKind.NotFound, $"blob {name} is not in {DisplayName}", "");
        }

        BlobRange part = range ?? new BlobRange(0, content.Length);
        return part.OffsetBytes + part.LengthBytes <= content.Length
            ? new MemoryStream(content, (int)part.OffsetBytes, (int)part.LengthBytes, writable: false)
            : throw new BackupException(ErrorKind.Corrupt, $"blob {name} ends before {part.OffsetBytes + part.LengthBytes}", "");
    }

    public async Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        await CallAsync(isWrite: true, cancellationToken);
        lock (_lock)
        {
            if (condition == PutCondition.IfAbsent && _blobs.ContainsKey(name.ToString()))
            {
                return false;
            }

            _blobs[name.ToString()] = content.ToArray();
            _times[name.ToString()] = Time?.GetUtcNow() ?? DateTimeOffset.UnixEpoch;
            return true;
        }
    }

    public async Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        using MemoryStream copy = new();
        await content.CopyToAsync(copy, cancellationToken);
        await PutAsync(name, copy.ToArray(), PutCondition.Always, cancellationToken);
        return copy.Length;
    }

    public async Task DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        await CallAsync(isWrite: true, cancellationToken);
        Remove(name.ToString());
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CallAsync(isWrite: false, cancellationToken);
        List<BlobInfo> found = [];
        lock (_lock)
        {
            found.AddRange(_blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(blob => Info(BlobName.Parse(blob.Key), blob.Value)));
        }

        foreach (BlobInfo info in found)
        {
            yield return info;
        }
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException("A repository is flat.");

    private BlobInfo Info(BlobName name, byte[] content) => new(name, content.Length, _times.GetValueOrDefault(name.ToString(), DateTimeOffset.UnixEpoch));

    private async Task CallAsync(bool isWrite, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (IsDead)
            {
                throw Unavailable();
            }

            if (isWrite || !FailWritesOnly)
            {
                _calls++;
                if (_calls == FailAtCall)
                {
                    IsDead = !FailOnce;
                    throw Unavailable();
                }
            }
        }
    }

    private BackupException Unavailable() => new(ErrorKind.Unavailable, $"{DisplayName} does not answer", "");
}
