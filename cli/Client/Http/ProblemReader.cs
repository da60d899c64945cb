using System.Net;
using System.Text.Json;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Client.Http;

/// <summary>Reads why a function app said no.</summary>
internal static class ProblemReader
{
    private const int MaxProblemBytes = 64 * 1024;

    public static async Task<BackupException> ReadAsync(HttpResponseMessage answer, Uri server, CancellationToken cancellationToken)
    {
        ProblemAnswer? problem = await TryReadProblemAsync(answer, cancellationToken);
        ErrorKind kind = KindOf(answer.StatusCode, problem?.Kind);
        if (answer.StatusCode is HttpStatusCode.Unauthorized)
        {
            return new BackupException(
                kind,
                $"The function app at {server} wants an API key that it knows.",
                "Give the file that holds the key with --key-file (the app writes one to .data/api-keys), or set BACKUP_FUNCTIONS_KEY.");
        }

        string message = problem?.Detail ?? problem?.Title ?? $"The function app at {server} answered {(int)answer.StatusCode} ({answer.ReasonPhrase}).";
        string remedy = problem?.Remedy ?? (kind == ErrorKind.Internal ? "Look into the function app's log." : "");
        return new BackupException(kind, message, remedy);
    }

    private static async Task<ProblemAnswer?> TryReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not "application/problem+json" || answer.Content.Headers.ContentLength > MaxProblemBytes)
        {
            return null;
        }

        try
        {
            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(body, ApiJsonContext.Default.ProblemAnswer);
        }
        catch (JsonException)
        {
            return null; // the status alone has to do
        }
    }

    private static ErrorKind KindOf(HttpStatusCode status, string? name) => (status, name) switch
    {
        (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => ErrorKind.AccessDenied,
        (_, { Length: > 0 }) when char.IsAsciiLetter(name[0]) && Enum.TryParse(name, ignoreCase: true, out ErrorKind kind) => kind,
        (HttpStatusCode.NotFound, _) => ErrorKind.NotFound,
        (HttpStatusCode.Conflict, _) => ErrorKind.Conflict,
        (HttpStatusCode.NotImplemented, _) => ErrorKind.Unsupported,
        (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests, _) => ErrorKind.Unavailable,
        _ => (int)status is >= 400 and < 500 ? ErrorKind.InvalidInput : ErrorKind.Internal,
    };
}
