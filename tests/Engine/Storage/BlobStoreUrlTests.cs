using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage;

public sealed class BlobStoreUrlTests
{
    [Theory]
    [InlineData("file:///var/backups")]
    [InlineData("file:///with%20space/ä")]
    [InlineData("s3://bucket")]
    [InlineData("s3://bucket/a/prefix")]
    [InlineData("s3://bucket/p?endpoint=http://nas.lan:9000&region=eu-west-1&ca=/etc/ca.pem&pathStyle=false&conditionalPut=true")]
    public void A_URL_is_shown_as_it_was_given(string text) => Assert.Equal(text, BlobStoreUrl.Parse(text).ToString());

    [Fact]
    public void All_parts_of_an_S3_URL_are_read()
    {
        S3StoreUrl url = Assert.IsType<S3StoreUrl>(BlobStoreUrl.Parse("s3://velero/home%20lab/?endpoint=https%3A%2F%2Fnas.lan:9000&region=garage&ca=/ca.pem"));
        Assert.Equal(("velero", "home lab", "garage", "/ca.pem", true, null), (url.Bucket, url.Prefix, url.Region, url.CaFile, url.PathStyle, url.ConditionalPut));
        Assert.Equal(new Uri("https://nas.lan:9000"), url.Endpoint);
    }

    [Fact]
    public void Without_an_endpoint_the_store_is_AWS_with_host_style()
    {
        S3StoreUrl url = Assert.IsType<S3StoreUrl>(BlobStoreUrl.Parse("s3://bucket"));
        Assert.Equal((null, "us-east-1", false, ""), (url.Endpoint, url.Region, url.PathStyle, url.Prefix));
    }

    [Theory]
    [InlineData("", "no scheme")]
    [InlineData("/var/backups", "no scheme")]
    [InlineData("http://nas/bucket", "neither file nor s3")]
    [InlineData("file://relative/path", "absolute path")]
    [InlineData("file:///x?y=1", "no parameters")]
    [InlineData("file:///x%2", "hexadecimal")]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("s3://nas.lan:9000/bucket", "endpoint parameter")]
    [InlineData("s3://bucket/../x", "prefix")]
    [InlineData("s3://bucket//a//b", "prefix")]
    [InlineData("s3://bucket?bogus=1", "unknown parameter")]
    [InlineData("s3://bucket?region", "no value")]
    [InlineData("s3://bucket?region=a&region=b", "twice")]
    [InlineData("s3://bucket?region=a%20b", "region")]
    [InlineData("s3://bucket?endpoint=nas.lan", "endpoint")]
    [InlineData("s3://bucket?endpoint=ftp://nas.lan", "endpoint")]
    [InlineData("s3://bucket?endpoint=http://nas.lan/path", "path")]
    [InlineData("s3://bucket?ca=relative.pem", "ca")]
    [InlineData("s3://bucket?pathStyle=yes", "pathStyle")]
    [InlineData("s3://bucket#x", "#")]
    public void A_malformed_URL_is_refused_with_what_is_wrong_and_an_example(string text, string problem)
    {
        BackupException error = Assert.Throws<BackupException>(() => BlobStoreUrl.Parse(text));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://bucket/prefix?endpoint=", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://AKIDEXAMPLE:topsecret@bucket")]
    [InlineData("s3://bucket?endpoint=http://AKIDEXAMPLE:topsecret@nas.lan")]
    [InlineData("s3://bucket?topsecret=1")]
    public void Credentials_in_a_URL_are_refused_and_not_repeated(string text)
    {
        BackupException error = Assert.Throws<BackupException>(() => BlobStoreUrl.Parse(text));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.DoesNotContain("topsecret", error.ToString() + error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void S3_without_credentials_is_refused_before_any_request()
    {
        BackupException error = Assert.Throws<BackupException>(() => BlobStoreFactory.Open(BlobStoreUrl.Parse("s3://bucket"), null, new BlobStoreOptions(), TimeProvider.System));
        Assert.Equal(ErrorKind.AccessDenied, error.Kind);
    }

    [Fact]
    public void Wrong_options_are_named_all_at_once()
    {
        BlobStoreOptions options = new() { MaxAttempts = 0, RequestTimeout = TimeSpan.Zero };
        BackupException error = Assert.Throws<BackupException>(options.Validate);
        Assert.Contains("MaxAttempts", error.Message, StringComparison.Ordinal);
        Assert.Contains("RequestTimeout", error.Message, StringComparison.Ordinal);
    }
}
