using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Xunit;

namespace BackupFunctions.Tests.Peers.Smoke;

public sealed class S3GatewayTests
{
    [PeerFact(Peer.S3Gateway)]
    public async Task An_object_put_is_got_back()
    {
        var gateway = await SharedPeers.S3GatewayAsync();
        using var client = gateway.CreateClient();
        var bucket = await gateway.NewBucketAsync();

        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a/b", ContentBody = "hello" });
        using var got = await client.GetObjectAsync(bucket, "a/b");
        using var reader = new StreamReader(got.ResponseStream);

        Assert.Equal("hello", await reader.ReadToEndAsync());
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task A_put_on_condition_that_nothing_is_there_is_refused_when_something_is()
    {
        var gateway = await SharedPeers.S3GatewayAsync();
        using var client = gateway.CreateClient();
        var bucket = await gateway.NewBucketAsync();
        PutObjectRequest Put(string body) => new() { BucketName = bucket, Key = "key", ContentBody = body, IfNoneMatch = "*" };

        await client.PutObjectAsync(Put("first"));
        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.PutObjectAsync(Put("second")));

        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
    }
}
