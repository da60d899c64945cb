namespace BackupFunctions.Engine.Storage;

/// <summary>What requests to an S3 server are signed with. Nothing of it ever shows in a text.</summary>
public sealed class S3Credentials
{
    public S3Credentials(string accessKeyId, string secretAccessKey, string? sessionToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(accessKeyId);
        ArgumentException.ThrowIfNullOrEmpty(secretAccessKey);
        AccessKeyId = accessKeyId;
        SecretAccessKey = secretAccessKey;
        SessionToken = string.IsNullOrEmpty(sessionToken) ? null : sessionToken;
    }

    public string AccessKeyId { get; }

    public string SecretAccessKey { get; }

    /// <summary>Goes with temporary credentials; null for lasting ones.</summary>
    public string? SessionToken { get; }

    public override string ToString() => "S3 credentials (hidden)";
}
