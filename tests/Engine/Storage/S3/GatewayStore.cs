using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Tests.Peers;

namespace BackupFunctions.Tests.Engine.Storage.S3;

/// <summary>Stores in fresh buckets of the real gateway.</summary>
internal static class GatewayStore
{
    public static S3Credentials Credentials { get; } = new(S3Gateway.AccessKey, S3Gateway.SecretKey, null);

    public static async Task<S3StoreUrl> NewUrlAsync(string prefix)
    {
        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        return new S3StoreUrl { Bucket = await gateway.NewBucketAsync(), Prefix = prefix, Endpoint = gateway.Endpoint, PathStyle = true };
    }

    /// <summary>A bucket that can lock.</summary>
    public static async Task<S3StoreUrl> NewLockingUrlAsync()
    {
        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        using AmazonS3Client client = gateway.CreateClient();
        string bucket = $"locked-{Guid.NewGuid():N}";
        await client.PutBucketAsync(new PutBucketRequest { BucketName = bucket, ObjectLockEnabledForBucket = true });
        return new S3StoreUrl { Bucket = bucket, Prefix = "", Endpoint = gateway.Endpoint, PathStyle = true };
    }

    public static async Task<S3BlobStore> CreateAsync(string prefix) =>
        new(await NewUrlAsync(prefix), Credentials, new BlobStoreOptions(), TimeProvider.System);
}
