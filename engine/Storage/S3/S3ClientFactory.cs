using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>The SDK's client, set up for any S3 server: one attempt per call, no checksum headers that only AWS knows, own time limits.</summary>
internal static class S3ClientFactory
{
    internal static AmazonS3Client Create(S3StoreUrl url, S3Credentials credentials, HttpClient http)
    {
        AmazonS3Config config = new()
        {
            ForcePathStyle = url.PathStyle,
            AuthenticationRegion = url.Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 0,
            ThrottleRetries = false,
            AllowAutoRedirect = false,
            DisableLogging = true,
            HttpClientFactory = new OneHttpClient(http),
        };
        if (url.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.GetLeftPart(UriPartial.Authority);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(url.Region);
        }

        AWSCredentials signer = credentials.SessionToken is { } token
            ? new SessionAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, token)
            : new BasicAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey);
        return new AmazonS3Client(signer, config);
    }

    internal static HttpClient CreateHttpClient(S3StoreUrl url, BlobStoreOptions options)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // Follows a server that moves to another address.
            UseCookies = false,
        };
        if (url.CaFile is { } caFile)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(caFile) };
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static X509ChainPolicy TrustOnly(string caFile)
    {
        X509ChainPolicy policy = new()
        {
            RevocationMode = X509RevocationMode.NoCheck, // Own authorities rarely publish revocations.
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw BadCaFile(caFile, error);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw BadCaFile(caFile, null);
    }

    private static BackupException BadCaFile(string caFile, Exception? inner) => new(
        ErrorKind.InvalidInput,
        $"The CA file '{caFile}' of the store's URL cannot be read, or has no PEM certificate in it.",
        "Name a file with one or more -----BEGIN CERTIFICATE----- blocks that this program may read.",
        inner);

    private sealed class OneHttpClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
