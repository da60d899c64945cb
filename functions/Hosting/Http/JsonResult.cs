using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Answers with one value as JSON, readable: quotes and letters as they are, since no answer is ever put into a page.</summary>
internal sealed class JsonResult<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK, string contentType = "application/json; charset=utf-8") : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = contentType;
        await using (Utf8JsonWriter writer = new(httpContext.Response.BodyWriter, JsonText.Readable))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
