using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>A multipart upload. The server shows the blob once it is completed, and not before.</summary>
internal sealed class S3Upload(IAmazonS3 client, S3Caller caller, string bucket, string key, string uploadId, string subject, Func<CancellationToken, Task<BlobInfo?>> getInfo)
    : IMultipartUpload
{
    private readonly SortedDictionary<int, (string ETag, int LengthBytes)> parts = [];

    public async Task PutPartAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        UploadPartResponse response = await caller.CallAsync(
            "write",
            subject,
            content.Length,
            token => client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = uploadId,
                    PartNumber = number,
                    PartSize = content.Length,
                    InputStream = S3BlobStore.AsStream(content),
                    UseChunkEncoding = false,
                    DisablePayloadSigning = false,
                },
                token),
            cancellationToken);
        parts[number] = (response.ETag, content.Length);
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        CompleteMultipartUploadRequest request = new() { BucketName = bucket, Key = key, UploadId = uploadId };
        request.AddPartETags(parts.Select(part => new PartETag(part.Key, part.Value.ETag)));
        await caller.CallAsync(
            "write",
            subject,
            0,
            async token =>
            {
                try
                {
                    await client.CompleteMultipartUploadAsync(request, token);
                    return true;
                }
                catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode == "NoSuchUpload")
                {
                    // An earlier attempt whose answer was lost may have completed it.
                    long length = parts.Values.Sum(part => (long)part.LengthBytes);
                    return await getInfo(token) is { } info && info.LengthBytes == length ? true : throw Lost(error);
                }
            },
            cancellationToken);
    }

    public Task AbortAsync(CancellationToken cancellationToken) => caller.CallAsync(
        "give up writing",
        subject,
        0,
        async token =>
        {
            try
            {
                await client.AbortMultipartUploadAsync(bucket, key, uploadId, token);
            }
            catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
            {
                // Aborted already.
            }

            return true;
        },
        cancellationToken);

    private BackupException Lost(Exception error) => new(
        ErrorKind.Conflict,
        $"The upload of {subject} is not known to the server any more.",
        "Something removed the incomplete upload, such as a rule of the bucket with too short a time: try again, and mend the rule.",
        error);
}
