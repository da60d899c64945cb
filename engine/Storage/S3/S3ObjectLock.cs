using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>S3's object lock: whether a bucket has it, what a put says of it, and how a blob's lock is made longer.</summary>
internal sealed class S3ObjectLock(AmazonS3Client client, S3Caller caller, string bucket)
{
    private volatile bool isKnownToLock;

    /// <summary>A server that does not know object lock answers in many ways; all but a plain yes (or no right to ask) is no.</summary>
    public async Task<bool> IsOnAsync(CancellationToken cancellationToken)
    {
        if (!isKnownToLock)
        {
            isKnownToLock = await caller.CallAsync(
                "look at",
                $"the object lock of the bucket '{bucket}'",
                0,
                async token =>
                {
                    try
                    {
                        GetObjectLockConfigurationResponse response =
                            await client.GetObjectLockConfigurationAsync(new GetObjectLockConfigurationRequest { BucketName = bucket }, token);
                        return response.ObjectLockConfiguration?.ObjectLockEnabled == ObjectLockEnabled.Enabled;
                    }
                    catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.Forbidden)
                    {
                        return true; // May not be asked; the first put will tell.
                    }
                    catch (AmazonS3Exception error) when (error.ErrorCode != "NoSuchBucket"
                        && error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.BadRequest)
                    {
                        return false;
                    }
                },
                cancellationToken);
        }

        return isKnownToLock;
    }

    /// <summary>Adds the lock to a put. Servers demand the content's MD5 with it.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "What S3 demands as a checksum; it protects nothing.")]
    public static void AddTo(PutObjectRequest request, BlobLock blobLock, ReadOnlyMemory<byte> content)
    {
        request.ObjectLockMode = ModeOf(blobLock);
        request.ObjectLockRetainUntilDate = blobLock.Until.UtcDateTime;
        request.MD5Digest = Convert.ToBase64String(MD5.HashData(content.Span));
    }

    /// <param name="missing">What is thrown when there is no such object.</param>
    public Task ExtendAsync(string key, string subject, BlobLock blobLock, Func<Exception> missing, CancellationToken cancellationToken) => caller.CallAsync(
        "lock",
        subject,
        0,
        async token =>
        {
            PutObjectRetentionRequest request = new()
            {
                BucketName = bucket,
                Key = key,
                Retention = new ObjectLockRetention { Mode = RetentionModeOf(blobLock), RetainUntilDate = blobLock.Until.UtcDateTime },
            };
            try
            {
                return await client.PutObjectRetentionAsync(request, token);
            }
            catch (AmazonS3Exception gone) when (gone.ErrorCode != "NoSuchBucket" && gone.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
            {
                throw missing(); // 405 where a deleted object's older versions are
            }
            catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.Forbidden)
            {
                if (!await IsLockedAsLongAsync(key, blobLock, token))
                {
                    throw;
                }

                return new PutObjectRetentionResponse();
            }
        },
        cancellationToken);

    /// <summary>Servers refuse to shorten a lock, with the same answer as where there is no right to lock.</summary>
    private async Task<bool> IsLockedAsLongAsync(string key, BlobLock blobLock, CancellationToken cancellationToken)
    {
        try
        {
            ObjectLockRetention? present = (await client.GetObjectRetentionAsync(new GetObjectRetentionRequest { BucketName = bucket, Key = key }, cancellationToken)).Retention;
            return present?.RetainUntilDate is { } until && until.ToUniversalTime() >= blobLock.Until.UtcDateTime
                && (blobLock.Mode == BlobLockMode.Governance || present.Mode == ObjectLockRetentionMode.Compliance);
        }
        catch (AmazonS3Exception)
        {
            return false; // the refusal itself is told
        }
    }

    private static ObjectLockRetentionMode RetentionModeOf(BlobLock blobLock) =>
        blobLock.Mode == BlobLockMode.Compliance ? ObjectLockRetentionMode.Compliance : ObjectLockRetentionMode.Governance;

    private static ObjectLockMode ModeOf(BlobLock blobLock) => blobLock.Mode == BlobLockMode.Compliance ? ObjectLockMode.Compliance : ObjectLockMode.Governance;
}
