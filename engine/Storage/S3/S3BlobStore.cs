using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>
/// A store in a bucket of any S3 server. Only calls that all servers have: get, head, put, delete, list (version 2) and
/// multipart upload. Content is signed by its SHA-256, so that it arrives unchanged over plain HTTP, too. Makes one attempt.
/// </summary>
internal sealed class S3BlobStore : IMultipartBlobStore, ILockingBlobStore, IDisposable
{
    private const string ContentType = "application/octet-stream";

    private readonly HttpClient http;
    private readonly AmazonS3Client client;
    private readonly S3Errors errors;
    private readonly S3Caller caller;
    private readonly ConditionalPutProbe conditional;
    private readonly S3ObjectLock objectLock;
    private readonly BlobStoreOptions options;
    private readonly TimeProvider time;
    private readonly string bucket;
    private readonly string keyPrefix;
    private volatile bool bucketSeen;

    internal S3BlobStore(S3StoreUrl url, S3Credentials credentials, BlobStoreOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = S3ClientFactory.CreateHttpClient(url, options);
        client = S3ClientFactory.Create(url, credentials, http);
        errors = new S3Errors(url);
        caller = new S3Caller(errors, options, time);
        bucket = url.Bucket;
        objectLock = new S3ObjectLock(client, caller, bucket);
        keyPrefix = url.Prefix.Length > 0 ? url.Prefix + "/" : "";
        DisplayName = url.ToString();

        // AWS itself is known to decide them.
        bool? known = url.ConditionalPut ?? (url.Endpoint is null ? true : null);
        conditional = new ConditionalPutProbe(known, (name, token) => PutOnceAsync(name, "check"u8.ToArray(), PutCondition.IfAbsent, null, token), DeleteAsync);
    }

    public string DisplayName { get; }

    public bool SupportsConditionalPut => conditional.Supported;

    public async Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken)
    {
        GetObjectMetadataResponse? response = await caller.CallAsync(
            "look at",
            Subject(name),
            0,
            async token =>
            {
                try
                {
                    return await client.GetObjectMetadataAsync(bucket, Key(name), token);
                }
                catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellationToken);
        if (response is null)
        {
            await CheckBucketAsync(cancellationToken);
            return null;
        }

        bucketSeen = true;
        return new BlobInfo(name, response.ContentLength, Time(response.LastModified));
    }

    public async Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken)
    {
        StorageErrors.CheckRange(range);
        GetObjectRequest request = new() { BucketName = bucket, Key = Key(name) };
        if (range is { } wanted)
        {
            request.ByteRange = new ByteRange(wanted.OffsetBytes, checked(wanted.OffsetBytes + wanted.LengthBytes - 1));
        }

        GetObjectResponse? response = await caller.CallAsync(
            "read",
            Subject(name),
            0,
            async token =>
            {
                try
                {
                    return await client.GetObjectAsync(request, token);
                }
                catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
                {
                    throw StorageErrors.BlobNotFound(name, DisplayName);
                }
                catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return null;
                }
            },
            cancellationToken);
        if (response is null)
        {
            long length = await TryGetInfoAsync(name, cancellationToken) is { } info ? info.LengthBytes : 0;
            throw StorageErrors.RangePastEnd(name, DisplayName, range.GetValueOrDefault(), length);
        }

        bucketSeen = true;
        return range is { } part ? OpenRange(name, part, response) : Wrap(name, response, response.ContentLength, response.ContentLength);
    }

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        PutAsync(name, content, condition, null, cancellationToken);

    public Task<bool> SupportsLocksAsync(CancellationToken cancellationToken) => objectLock.IsOnAsync(cancellationToken);

    public Task<bool> PutLockedAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock blobLock, CancellationToken cancellationToken) =>
        PutAsync(name, content, condition, blobLock, cancellationToken);

    public Task ExtendLockAsync(BlobName name, BlobLock blobLock, CancellationToken cancellationToken) =>
        objectLock.ExtendAsync(Key(name), Subject(name), blobLock, () => StorageErrors.BlobNotFound(name, DisplayName), cancellationToken);

    private async Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock? blobLock, CancellationToken cancellationToken)
    {
        if (condition == PutCondition.IfAbsent && !await conditional.IsSupportedAsync(cancellationToken))
        {
            throw StorageErrors.NoConditionalPut(DisplayName);
        }

        return await PutOnceAsync(name, content, condition, blobLock, cancellationToken);
    }

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) =>
        StreamPut.RunAsync(this, name, content, cancellationToken);

    public async Task<IMultipartUpload> BeginUploadAsync(BlobName name, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadResponse response = await caller.CallAsync(
            "write",
            Subject(name),
            0,
            async token =>
            {
                try
                {
                    return await client.InitiateMultipartUploadAsync(
                        new InitiateMultipartUploadRequest { BucketName = bucket, Key = Key(name), ContentType = ContentType }, token);
                }
                catch (AmazonS3Exception error) when (error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
                {
                    // Ceph's gateway answers 405 where the bucket is missing.
                    await CheckBucketAsync(token);
                    throw;
                }
            },
            cancellationToken);
        return new S3Upload(client, caller, bucket, Key(name), response.UploadId, Subject(name), token => TryGetInfoAsync(name, token));
    }

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => caller.CallAsync(
        "delete",
        Subject(name),
        0,
        async token =>
        {
            try
            {
                await client.DeleteObjectAsync(bucket, Key(name), token);
            }
            catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
            {
                // A missing blob is as good as a deleted one.
            }

            return true;
        },
        cancellationToken);

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ListObjectsV2Response page in PagesAsync(prefix, "", cancellationToken))
        {
            foreach (S3Object entry in page.S3Objects ?? [])
            {
                // What other tools leave in a bucket, such as a folder's marker that ends in '/', is no blob of ours.
                if (BlobName.TryParse(entry.Key[keyPrefix.Length..], out BlobName name))
                {
                    yield return new BlobInfo(name, entry.Size ?? 0, Time(entry.LastModified));
                }
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ListObjectsV2Response page in PagesAsync(prefix, "/", cancellationToken))
        {
            foreach (string folder in page.CommonPrefixes ?? [])
            {
                string segment = folder[(keyPrefix.Length + prefix.Length)..].TrimEnd('/');
                if (BlobName.TryParse(segment, out _))
                {
                    yield return segment;
                }
            }
        }
    }

    public void Dispose()
    {
        conditional.Dispose();
        client.Dispose();
        http.Dispose();
    }

    internal static MemoryStream AsStream(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out ArraySegment<byte> segment)
        ? new MemoryStream(segment.Array ?? [], segment.Offset, segment.Count, writable: false)
        : new MemoryStream(content.ToArray(), writable: false);

    private static DateTimeOffset Time(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.UnixEpoch;

    private static string Subject(BlobName name) => $"the blob '{name}'";

    private string Key(BlobName name) => keyPrefix + name;

    private Task<bool> PutOnceAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock? blobLock, CancellationToken cancellationToken) => caller.CallAsync(
        "write",
        Subject(name),
        content.Length,
        async token =>
        {
            PutObjectRequest request = new()
            {
                BucketName = bucket,
                Key = Key(name),
                InputStream = AsStream(content),
                ContentType = ContentType,
                UseChunkEncoding = false,
                DisablePayloadSigning = false,
                IfNoneMatch = condition == PutCondition.IfAbsent ? "*" : null,
            };
            if (blobLock is not null)
            {
                S3ObjectLock.AddTo(request, blobLock, content);
            }

            try
            {
                await client.PutObjectAsync(request, token);
                return true;
            }
            catch (AmazonS3Exception error) when (condition == PutCondition.IfAbsent && error.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
        },
        cancellationToken);

    private S3ReadStream OpenRange(BlobName name, BlobRange range, GetObjectResponse response)
    {
        long wholeBytes = ContentRanges.WholeLength(response.ContentRange, range.OffsetBytes);
        if (response.HttpStatusCode != HttpStatusCode.PartialContent || wholeBytes < 0)
        {
            response.Dispose();
            throw errors.RangeIgnored(name);
        }

        if (wholeBytes < range.OffsetBytes + range.LengthBytes)
        {
            response.Dispose();
            throw StorageErrors.RangePastEnd(name, DisplayName, range, wholeBytes);
        }

        return Wrap(name, response, wholeBytes, range.LengthBytes);
    }

    private S3ReadStream Wrap(BlobName name, GetObjectResponse response, long wholeBytes, long lengthBytes) =>
        new(response, new BlobInfo(name, wholeBytes, Time(response.LastModified)), lengthBytes, errors, options.StallTimeout, time);

    /// <summary>HEAD answers a missing blob and a missing bucket alike; a listing tells them apart.</summary>
    private async Task CheckBucketAsync(CancellationToken cancellationToken)
    {
        if (!bucketSeen)
        {
            await ListPageAsync(new ListObjectsV2Request { BucketName = bucket, Prefix = keyPrefix, MaxKeys = 1 }, cancellationToken);
            bucketSeen = true;
        }
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(string prefix, string delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = bucket, Prefix = keyPrefix + prefix, Delimiter = delimiter.Length > 0 ? delimiter : null };
        bool more = true;
        while (more)
        {
            ListObjectsV2Response page = await ListPageAsync(request, cancellationToken);
            yield return page;
            more = page.IsTruncated ?? false;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    private Task<ListObjectsV2Response> ListPageAsync(ListObjectsV2Request request, CancellationToken cancellationToken) =>
        caller.CallAsync("list", $"the blobs below '{request.Prefix}'", 0, token => client.ListObjectsV2Async(request, token), cancellationToken);
}
