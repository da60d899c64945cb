using Amazon.S3;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage.S3;

public sealed class S3BlobStoreTests
{
    private static readonly BlobName Name = BlobName.Parse("x");

    [PeerFact(Peer.S3Gateway)]
    public async Task A_wrong_bucket_is_NotFound_and_named_by_every_call()
    {
        S3StoreUrl url = (await GatewayStore.NewUrlAsync("")) with { Bucket = "no-such-bucket" };
        IBlobStore store = BlobStoreFactory.Open(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);
        await NamesBucketAsync(() => store.TryGetInfoAsync(Name, default));
        await NamesBucketAsync(() => store.OpenReadAsync(Name, null, default));
        await NamesBucketAsync(() => store.PutAsync(Name, new byte[1], PutCondition.Always, default));
        await NamesBucketAsync(() => store.PutAsync(Name, new byte[1], PutCondition.IfAbsent, default));
        await NamesBucketAsync(() => store.PutStreamAsync(Name, new MemoryStream(new byte[9 << 20]), default));
        await NamesBucketAsync(() => store.DeleteAsync(Name, default));
        await NamesBucketAsync(() => store.ListAsync("", default).ToListAsync().AsTask());
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task Wrong_credentials_are_AccessDenied_and_not_shown()
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("");
        foreach (S3Credentials wrong in (S3Credentials[])[new("NOBODYSKEY", "nobodys-secret", null), new(S3Gateway.AccessKey, "nobodys-secret", null)])
        {
            IBlobStore store = BlobStoreFactory.Open(url, wrong, new BlobStoreOptions(), TimeProvider.System);
            BackupException error = await Assert.ThrowsAsync<BackupException>(() => store.PutAsync(Name, new byte[1], PutCondition.Always, default));
            Assert.Equal(ErrorKind.AccessDenied, error.Kind);
            Assert.DoesNotContain(wrong.AccessKeyId, error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("nobodys-secret", error.ToString(), StringComparison.Ordinal);
        }
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task An_upload_in_parts_that_fails_is_given_up_on_the_server()
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("");
        IBlobStore store = BlobStoreFactory.Open(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);
        TrickleStream breaks = new(new byte[30 << 20], 20 << 20);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.PutStreamAsync(Name, breaks, default));

        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        using AmazonS3Client client = gateway.CreateClient();
        Assert.Empty((await client.ListMultipartUploadsAsync(url.Bucket)).MultipartUploads ?? []);
        Assert.Null(await store.TryGetInfoAsync(Name, default));
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task A_stored_blob_has_no_content_encoding_and_exactly_its_bytes()
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("p");
        using S3BlobStore store = new(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);
        await store.PutAsync(BlobName.Parse("b.json.gz"), new byte[] { 0x1f, 0x8b, 8 }, PutCondition.Always, default);

        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        using AmazonS3Client client = gateway.CreateClient();
        using var got = await client.GetObjectAsync(url.Bucket, "p/b.json.gz");
        Assert.Equal(3, got.ContentLength);
        Assert.True(string.IsNullOrEmpty(got.Headers.ContentEncoding));
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task Keys_that_are_no_blob_names_are_passed_over()
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("");
        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        using AmazonS3Client client = gateway.CreateClient();
        foreach (string key in (string[])["backups/", "backups//odd", "backups/good/x"])
        {
            await client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = url.Bucket, Key = key, ContentBody = "x" });
        }

        using S3BlobStore store = new(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);
        Assert.Equal(["backups/good/x"], await store.ListAsync("", default).Select(info => info.Name.ToString()).ToListAsync());
        Assert.Equal(["good"], await store.ListFoldersAsync("backups/", default).ToListAsync());
    }

    private static async Task NamesBucketAsync(Func<Task> act)
    {
        BackupException error = await Assert.ThrowsAsync<BackupException>(act);
        Assert.True(error.Kind == ErrorKind.NotFound, error.ToString());
        Assert.Contains("'no-such-bucket'", error.Message, StringComparison.Ordinal);
    }
}
