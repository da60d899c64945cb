using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Reads the body of a request.</summary>
internal static class RequestBody
{
    /// <summary>Longest body that is read: specs are short, a list of every namespace of a large cluster fits.</summary>
    public const int MaxBytes = 1 << 20;

    /// <exception cref="BackupException">InvalidInput: no JSON, or not of this shape.</exception>
    public static async Task<T> ReadJsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using JsonDocument document = await ParseAsync(request, cancellationToken);
        return StrictJson.Read(document.RootElement, type);
    }

    private static async Task<JsonDocument> ParseAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false }, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new BackupException(
                ErrorKind.InvalidInput, $"The body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", "Send one JSON object.");
        }
    }
}
