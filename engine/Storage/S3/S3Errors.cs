using System.Net;
using System.Security.Authentication;
using Amazon.Runtime;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>
/// Turns what the server or the network says into failures that name the blob, the bucket and the endpoint. Of a server's
/// answer only its code and status are used: its text and body may repeat the access key.
/// </summary>
internal sealed class S3Errors(S3StoreUrl url)
{
    private readonly string endpoint = url.Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"AWS S3 in {url.Region}";

    internal BackupException From(Exception error, string action, string subject)
    {
        string what = $"Could not {action} {subject} in {url}";
        return error switch
        {
            AmazonServiceException { StatusCode: not 0 } said => FromAnswer(said, what),
            _ when Find<AuthenticationException>(error) is { } tls => NotTrusted(what, tls),
            _ => Unreachable(what, error),
        };
    }

    internal BackupException TimedOut(string action, string subject, TimeSpan limit) => new(
        ErrorKind.Unavailable,
        $"Could not {action} {subject} in {url}: {endpoint} did not answer within {limit.TotalSeconds:0.#} seconds.",
        "Check that the server is up and not overloaded, and that the network between is fast enough.");

    internal BackupException Stalled(BlobName name, TimeSpan limit) => new(
        ErrorKind.Unavailable,
        $"Reading the blob '{name}' from {url} stopped: {endpoint} sent nothing for {limit.TotalSeconds:0.#} seconds.",
        "Check that the server is up and not overloaded.");

    internal BackupException Truncated(BlobName name, long expectedBytes, long readBytes, Exception? inner) => new(
        ErrorKind.Unavailable,
        $"The connection to {endpoint} broke while the blob '{name}' was read: {readBytes} of {expectedBytes} bytes came.",
        "Try again; if it happens often, look for a proxy or a network fault between here and the server.",
        inner);

    internal BackupException RangeIgnored(BlobName name) => new(
        ErrorKind.Unsupported,
        $"{endpoint} sent other bytes of the blob '{name}' than were asked for.",
        "The server, or a proxy before it, does not serve byte ranges: use one that does.");

    private BackupException FromAnswer(AmazonServiceException said, string what)
    {
        int status = (int)said.StatusCode;
        string code = Code(said);
        string message = $"{what}: {endpoint} answered {status}{code}.";
        return said.ErrorCode switch
        {
            "NoSuchBucket" => new BackupException(
                ErrorKind.NotFound,
                $"There is no bucket '{url.Bucket}' at {endpoint}.",
                "Create the bucket, or correct its name in the store's URL."),
            "RequestTimeTooSkewed" => new BackupException(
                ErrorKind.AccessDenied, message, "The clocks of this machine and of the server differ too much: set them right."),
            "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" => new BackupException(
                ErrorKind.AccessDenied, message, "The access key, its secret or the session token is wrong or has expired: give the right ones."),
            "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" => new BackupException(
                ErrorKind.InvalidInput, message, "The bucket is in another region: set region=… (and the endpoint) in the store's URL."),
            "RequestTimeout" or "SlowDown" or "InternalError" or "ServiceUnavailable" or "OperationAborted" or "ConditionalRequestConflict" => Busy(message),
            "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody" => new BackupException(
                ErrorKind.Unavailable, message, "The content was damaged on its way: try again, and look for a faulty proxy or network if it goes on."),
            "QuotaExceeded" or "XMinioStorageFull" or "StorageFull" => new BackupException(
                ErrorKind.Unavailable, message, "The store is full: free space or raise its quota."),
            _ when status == (int)HttpStatusCode.BadRequest && code.Length == 0 => Busy(message), // No S3 server's own answer has no code: the connection was out of step.
            _ => FromStatus(said.StatusCode, message),
        };
    }

    private BackupException FromStatus(HttpStatusCode status, string message) => status switch
    {
        HttpStatusCode.NotFound => new BackupException(
            ErrorKind.NotFound, message, $"Check that the bucket '{url.Bucket}' exists and that the endpoint is an S3 server."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new BackupException(
            ErrorKind.AccessDenied, message, $"Give the credentials the right to list, get, put and delete in the bucket '{url.Bucket}'."),
        HttpStatusCode.Moved or HttpStatusCode.Redirect or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => new BackupException(
            ErrorKind.InvalidInput, message, "The server is at another address or in another region: correct endpoint and region in the store's URL."),
        HttpStatusCode.Conflict or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => Busy(message),
        HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed => new BackupException(
            ErrorKind.Unsupported, message, "The server lacks what is needed here: use a newer version of it or another S3 server."),
        HttpStatusCode.InsufficientStorage => new BackupException(
            ErrorKind.Unavailable, message, "The store is full: free space or raise its quota."),
        >= HttpStatusCode.InternalServerError or < HttpStatusCode.BadRequest => Busy(message),
        _ => new BackupException(ErrorKind.InvalidInput, message, "The server refused the request as it is: check the store's URL and the server's log."),
    };

    private static BackupException Busy(string message) => new(
        ErrorKind.Unavailable, message, "The server is busy or failing: try again later, and look into its log if it goes on.");

    private BackupException NotTrusted(string what, AuthenticationException error) => new(
        ErrorKind.InvalidInput,
        $"{what}: the certificate of {endpoint} is not trusted.",
        "Put ca=/path/of/ca.pem with the authority that signed it into the store's URL, or correct the endpoint's host name.",
        error);

    private BackupException Unreachable(string what, Exception error) => new(
        ErrorKind.Unavailable,
        $"{what}: {endpoint} cannot be reached or broke the connection ({Root(error).Message}).",
        "Check the endpoint in the store's URL, that the server is up, and the network between.",
        error);

    private static string Code(AmazonServiceException said) =>
        said.ErrorCode is { Length: > 0 and < 64 } code && code.All(char.IsAsciiLetterOrDigit) && code != said.StatusCode.ToString() ? " " + code : "";

    private static Exception Root(Exception error) => error.InnerException is { } inner ? Root(inner) : error;

    private static T? Find<T>(Exception? error)
        where T : Exception => error as T ?? (error?.InnerException is { } inner ? Find<T>(inner) : null);
}
