using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Manifests;
using BackupFunctions.Engine.Repository.Objects;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Repository.Splitting;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// An open repository in Kopia's format. The store's root is the repository's prefix (blob names are flat). All members may be
/// called concurrently. Damage is <see cref="RepositoryCorruptException"/>; failures of the store come through as they are.
/// </summary>
public sealed class KopiaRepository : IAsyncDisposable
{
    private readonly PackReader _packs;

    private KopiaRepository(IBlobStore store, FormatStore format, RepositoryParameters parameters, RepositoryOptions options, TimeProvider time)
    {
        GivenStore = store;
        Store = store = parameters.Retention.IsOn ? new RetentionBlobStore(store, parameters.Retention, time) : store;
        Options = options;
        Time = time;
        FormatBlobs = format;
        Parameters = parameters;
        Crypto = new RepositoryCrypto(parameters);
        IIndexBlobStore indexBlobs = parameters.Epochs.Enabled
            ? new EpochIndexBlobStore(store, Crypto, parameters.Epochs.RefreshFrequency, time)
            : new LegacyIndexBlobStore(store, Crypto);
        Index = new ContentIndex(store, indexBlobs, Crypto, format, parameters, options, time);
        _packs = new PackReader(store, options.ReadCacheBytes);
        Contents = new ContentReader(_packs, Crypto, Index);
        Objects = new ObjectReader(Contents.ReadAsync, options.ReadAhead);
        Manifests = new ManifestStore(Contents, Index, options);
        Format = Describe(parameters);
    }

    /// <summary>What the repository is like.</summary>
    public RepositoryFormat Format { get; }

    // The parts, for maintenance, verification and repair, which work below the face.
    internal IBlobStore Store { get; }

    /// <summary>The store as it was given, which locks nothing; to look at only.</summary>
    internal IBlobStore GivenStore { get; }

    internal RepositoryOptions Options { get; }

    internal TimeProvider Time { get; }

    internal FormatStore FormatBlobs { get; }

    internal RepositoryParameters Parameters { get; }

    internal RepositoryCrypto Crypto { get; }

    internal ContentIndex Index { get; }

    internal ContentReader Contents { get; }

    internal ObjectReader Objects { get; }

    internal ManifestStore Manifests { get; }

    /// <summary>Whether the store holds a repository.</summary>
    public static Task<bool> ExistsAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return FormatStore.ExistsAsync(store, cancellationToken);
    }

    /// <summary>Creates a repository and opens it. Of several that try at once one succeeds.</summary>
    /// <exception cref="BackupException">AlreadyExists: there is a repository, another creator won, or other blobs lie there; InvalidInput; Unsupported.</exception>
    public static async Task<KopiaRepository> CreateAsync(
        IBlobStore store, string password, NewRepositoryOptions create, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(create);
        CheckArguments(store, password, options, time);
        (FormatStore format, RepositoryParameters parameters) = await FormatStore.CreateAsync(store, password, create, time, cancellationToken);
        return await StartAsync(store, format, parameters, options, time, cancellationToken);
    }

    /// <summary>Opens a repository.</summary>
    /// <exception cref="BackupException">NotFound; WrongPassword; Unsupported (version, error correction, unknown features, an upgrade in progress); Corrupt.</exception>
    public static async Task<KopiaRepository> OpenAsync(
        IBlobStore store, string password, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        CheckArguments(store, password, options, time);
        (FormatStore format, RepositoryParameters parameters) = await FormatStore.OpenAsync(store, password, time, cancellationToken);
        return await StartAsync(store, format, parameters, options, time, cancellationToken);
    }

    /// <summary>Loads the indexes anew, so that what others published is seen.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => Index.RefreshAsync(Index.Current, cancellationToken);

    /// <summary>Opens an object for reading from its start; contents are fetched ahead in bounded memory. The caller disposes the stream.</summary>
    /// <exception cref="BackupException">NotFound: there is no such object.</exception>
    public async Task<Stream> OpenObjectAsync(ObjectId id, CancellationToken cancellationToken)
    {
        await RequireAsync(id, cancellationToken);
        return Objects.OpenRead(id, cancellationToken);
    }

    /// <summary>Reads a whole object. The caller disposes the lease.</summary>
    /// <exception cref="BackupException">NotFound; Corrupt when it is longer than <paramref name="maxBytes"/>.</exception>
    public async Task<PooledBytes> ReadObjectAsync(ObjectId id, int maxBytes, CancellationToken cancellationToken)
    {
        IndexEntry root = await RequireAsync(id, cancellationToken);
        if (id.Indirections == 0)
        {
            RequireWithin(id, id.IsCompressed ? 0 : root.OriginalBytes, maxBytes);
            PooledBytes whole = await Objects.ReadLeafAsync(new ObjectPart(0, -1, id), cancellationToken);
            if (whole.Length > maxBytes)
            {
                whole.Dispose();
                RequireWithin(id, long.MaxValue, maxBytes);
            }

            return whole;
        }

        long length = 0;
        await foreach (ObjectPart part in Objects.ListEntriesAsync(id, cancellationToken))
        {
            length = part.Start + part.LengthBytes;
            RequireWithin(id, length, maxBytes);
        }

        PooledBytes bytes = PooledBytes.Rent((int)length);
        try
        {
            await using Stream stream = Objects.OpenRead(id, cancellationToken);
            await stream.ReadExactlyAsync(bytes.Memory, cancellationToken);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>The contents of an object in order of its bytes.</summary>
    public async IAsyncEnumerable<ObjectContent> ListObjectContentsAsync(ObjectId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RequireAsync(id, cancellationToken);
        await foreach (ObjectPart leaf in Objects.LeavesAsync(id, cancellationToken))
        {
            IndexEntry entry = await Contents.FindAsync(leaf.Id.Content, cancellationToken)
                ?? throw new RepositoryCorruptException(leaf.Id.ToString(), null, "an index entry of this content", "none");
            long length = leaf.LengthBytes >= 0 ? leaf.LengthBytes : leaf.Id.IsCompressed ? -1 : entry.OriginalBytes;
            if (length > ContentReader.MaxContentBytes)
            {
                throw new RepositoryCorruptException(id.ToString(), leaf.Start, $"a chunk of at most {ContentReader.MaxContentBytes} bytes", $"{length}");
            }

            yield return new ObjectContent(leaf.Id.Content, leaf.Start, (int)length, entry.Pack, entry.PackOffset, (int)entry.PackedBytes)
            {
                IsObjectCompressed = leaf.Id.IsCompressed,
            };
        }
    }

    /// <summary>Reads the plain bytes of one content that <see cref="ListObjectContentsAsync"/> named. The caller disposes the lease.</summary>
    public Task<PooledBytes> ReadContentAsync(ObjectContent content, CancellationToken cancellationToken)
    {
        ObjectId leaf = content.IsObjectCompressed ? ObjectId.DirectCompressed(content.Id) : ObjectId.Direct(content.Id);
        return Objects.ReadLeafAsync(new ObjectPart(content.ObjectOffset, content.LengthBytes, leaf), cancellationToken);
    }

    /// <summary>All manifest entries that have all the given labels, oldest first, in the view of the last refresh.</summary>
    /// <exception cref="RepositoryCorruptException">Some entries cannot be read, so that these may not be all.</exception>
    public async Task<IReadOnlyList<ManifestEntry>> FindManifestsAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return (await Manifests.LoadAsync(cancellationToken)).Find(labels);
    }

    /// <summary>
    /// As <see cref="FindManifestsAsync"/>, but what can be read when some of it is damaged: to restore what is whole. Nothing may be
    /// deleted by such a list.
    /// </summary>
    public async Task<ReadableManifests> FindReadableManifestsAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ManifestSet set = await Manifests.LoadReadableAsync(cancellationToken);
        return new ReadableManifests(set.Find(labels), set.Damaged);
    }

    /// <summary>The manifest entry of this name, or null.</summary>
    /// <exception cref="RepositoryCorruptException">It is not among the entries that can be read, and there are others.</exception>
    public async Task<ManifestEntry?> TryGetManifestAsync(ManifestId id, CancellationToken cancellationToken) =>
        (await Manifests.LoadReadableAsync(cancellationToken)).Find(id) ?? (await Manifests.LoadAsync(cancellationToken)).Find(id);

    /// <summary>Starts writing. The caller disposes the session.</summary>
    /// <exception cref="BackupException">Unsupported: the repository demands something of writers that is not there (object lock, a splitter that is not known).</exception>
    public async Task<WriteSession> StartWriteSessionAsync(CancellationToken cancellationToken)
    {
        if (DamagedRepository.LeftOut(this).Count > 0)
        {
            throw new InvalidOperationException("This repository was opened without its damaged index blobs, for looking at it only.");
        }

        await RequireWritableAsync(cancellationToken);
        _ = Splitter.Create(Parameters.Splitter); // refuses a name that is not known, while nothing is written
        if (Index.IsStale)
        {
            await RefreshAsync(cancellationToken);
        }

        WriteCounters counters = new();
        PackUploader uploader = new(Store, Crypto, Parameters, Options, Index, counters, Time);
        ContentWriter contents = new(uploader, Contents, Crypto, Parameters, Index, counters, Time);
        ManifestWriter manifests = new(Manifests, contents, Index, Time);
        return new WriteSession(contents, manifests, counters, Parameters.Splitter, Options);
    }

    /// <summary>Refuses, before anything is written, a store that cannot lock blobs as the repository wants it.</summary>
    /// <exception cref="BackupException">Unsupported; Corrupt: it is not known whether the repository wants that.</exception>
    internal async Task RequireWritableAsync(CancellationToken cancellationToken)
    {
        if (Parameters.Retention.Damage is { } unknown)
        {
            throw new BackupException(
                ErrorKind.Corrupt,
                $"nothing can be written to the repository in {Store.DisplayName}, because it is not known whether its blobs are to be locked: {unknown.Message}",
                "Restore the blob from a copy of the bucket; or, if the repository has no object lock, delete it: without it there is none.",
                unknown);
        }

        if (Parameters.Retention.IsOn)
        {
            await RetentionBlobStore.RequireSupportedAsync(GivenStore, Parameters.Retention, cancellationToken);
        }
    }

    /// <summary>Reads every content that is not deleted and hashes it anew: those whose hash is not their name, in order.</summary>
    /// <exception cref="RepositoryCorruptException">A content cannot be read at all.</exception>
    internal async Task<List<ContentId>> FindWrongContentsAsync(CancellationToken cancellationToken)
    {
        List<ContentId> wrong = [];
        foreach (IndexEntry entry in Index.Current.Entries(prefix: null))
        {
            if (!entry.IsDeleted)
            {
                using PooledBytes bytes = await Contents.ReadAsync(entry.Id, cancellationToken);
                if (Crypto.IdOf(entry.Id.Prefix, bytes.Span) != entry.Id)
                {
                    wrong.Add(entry.Id);
                }
            }
        }

        return wrong;
    }

    /// <summary>How many contents hold the manifest entries.</summary>
    internal int CountManifestContents() => ManifestStore.LiveContents(Index.Current).Count;

    public async ValueTask DisposeAsync()
    {
        await _packs.DisposeAsync();
        Manifests.Dispose();
        Index.Dispose();
        Crypto.Dispose();
        FormatBlobs.Dispose();
    }

    private static void CheckArguments(IBlobStore store, string password, RepositoryOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } problems)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"the repository's options are wrong: {string.Join("; ", problems)}", "Correct the options.");
        }
    }

    private static async Task<KopiaRepository> StartAsync(
        IBlobStore store, FormatStore format, RepositoryParameters parameters, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        KopiaRepository repository = new(store, format, parameters, options, time);
        try
        {
            await repository.RefreshAsync(cancellationToken);
            return repository;
        }
        catch
        {
            await repository.DisposeAsync();
            throw;
        }
    }

    private static RepositoryFormat Describe(RepositoryParameters parameters) => new(
        parameters.FormatVersion,
        parameters.IndexVersion,
        parameters.Epochs.Enabled,
        parameters.Hash,
        parameters.Encryption,
        parameters.Splitter,
        parameters.KeyAlgorithm,
        parameters.MaxPackBytes,
        Convert.ToBase64String(parameters.UniqueId),
        parameters.Retention.IsOn ? parameters.Retention.Mode : null,
        TimeSpan.FromTicks(parameters.Retention.Period / 100));

    private async Task<IndexEntry> RequireAsync(ObjectId id, CancellationToken cancellationToken) =>
        await Contents.FindAsync(id.Content, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"the object {id} is not in the repository in {Store.DisplayName}", "Check the id, or verify the repository.");

    private static void RequireWithin(ObjectId id, long lengthBytes, int maxBytes)
    {
        if (lengthBytes > maxBytes)
        {
            throw new RepositoryCorruptException(id.ToString(), null, $"an object of at most {maxBytes} bytes", lengthBytes == long.MaxValue ? "more" : $"{lengthBytes}");
        }
    }
}
