using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>Turns a refusal (HTTP status and the API's Status object) into an exception.</summary>
internal static class KubeStatus
{
    private const int MaxMessageChars = 4096;

    public static KubeFailure ToFailure(HttpResponseMessage response, byte[] body, string call, string? token)
    {
        JsonObject? status = TryParse(body);
        int code = (int)response.StatusCode;
        string reason = Text(status, "reason") ?? response.StatusCode.ToString();
        string message = Text(status, "message") ?? $"the server answered {code} {response.ReasonPhrase}";
        if (!string.IsNullOrEmpty(token))
        {
            message = message.Replace(token, "***", StringComparison.Ordinal);
        }

        message = message.Length > MaxMessageChars ? message[..MaxMessageChars] + "…" : message;
        ErrorKind kind = KindOf(code, reason);
        KubeRetry retry = code switch
        {
            (int)HttpStatusCode.TooManyRequests => KubeRetry.Always,
            >= 500 and not (int)HttpStatusCode.NotImplemented => KubeRetry.Reads,
            _ => KubeRetry.Never,
        };
        return new KubeFailure(
            new KubeApiException(kind, code, reason, $"{call}: {message}", RemedyFor(kind)), retry, RetryAfter(response, status), FreshContinue(status));
    }

    public static ErrorKind KindOf(int code, string reason) => code switch
    {
        401 or 403 => ErrorKind.AccessDenied,
        404 => ErrorKind.NotFound,
        409 => reason == "AlreadyExists" ? ErrorKind.AlreadyExists : ErrorKind.Conflict,
        410 => ErrorKind.Conflict,
        405 or 406 or 415 or 501 => ErrorKind.Unsupported,
        429 or >= 500 => ErrorKind.Unavailable,
        _ => ErrorKind.InvalidInput,
    };

    public static string RemedyFor(ErrorKind kind) => kind switch
    {
        ErrorKind.AccessDenied => "Check the credentials and the roles bound to them.",
        ErrorKind.NotFound => "Check the name, the namespace, and that the type is installed.",
        ErrorKind.AlreadyExists => "Delete it first, or update it.",
        ErrorKind.Conflict => "Read the object again and repeat the change.",
        ErrorKind.Unsupported => "Check the version of the API server.",
        ErrorKind.Unavailable => "Try again later; look at the API server's health.",
        _ => "Correct the object or the request.",
    };

    private static JsonObject? TryParse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: ClusterJson.Reading) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // a proxy's page, or text: the HTTP status says what there is to say
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, JsonObject? status)
    {
        if (response.Headers.RetryAfter?.Delta is { } delta)
        {
            return delta;
        }

        return status?["details"] is JsonObject details && details["retryAfterSeconds"] is { } seconds
            && int.TryParse(seconds.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) && parsed > 0
                ? TimeSpan.FromSeconds(parsed)
                : null;
    }

    private static string? FreshContinue(JsonObject? status) => Text(status?["metadata"] as JsonObject, "continue");

    private static string? Text(JsonObject? parent, string member) =>
        parent?[member] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}
