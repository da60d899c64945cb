using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage;

public sealed class CredentialsFileTests
{
    private const string Text = """
        # made for tests
        [default]
        aws_access_key_id = AKIDEXAMPLE
        aws_secret_access_key=topsecret=with/equals

        [profile nas]
        region = eu-west-1
        AWS_ACCESS_KEY_ID=NASKEY
        aws_secret_access_key = nassecret
        aws_session_token = token
        [broken]
        aws_access_key_id = X
        """;

    [Fact]
    public void The_default_profile_is_read()
    {
        S3Credentials credentials = CredentialsFile.Parse(Text, CredentialsFile.DefaultProfile);
        Assert.Equal(("AKIDEXAMPLE", "topsecret=with/equals", null), (credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken));
    }

    [Fact]
    public void A_named_profile_is_read()
    {
        S3Credentials credentials = CredentialsFile.Parse(Text, "nas");
        Assert.Equal(("NASKEY", "nassecret", "token"), (credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken));
    }

    [Theory]
    [InlineData(Text, "other", "broken, default, nas")]
    [InlineData(Text, "broken", "aws_secret_access_key")]
    [InlineData("", "default", "none")]
    [InlineData("topsecret", "default", "line 1")]
    [InlineData("[default]\ntopsecret", "default", "line 2")]
    [InlineData("[default", "default", "line 1")]
    public void What_is_wrong_is_said_without_any_value(string text, string profile, string problem)
    {
        BackupException error = Assert.Throws<BackupException>(() => CredentialsFile.Parse(text, profile));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret=", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_never_show_in_text() =>
        Assert.DoesNotContain("AKID", new S3Credentials("AKIDEXAMPLE", "topsecret", "token").ToString(), StringComparison.Ordinal);
}
