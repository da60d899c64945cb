using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Answers with a list of Velero's objects, written as they are read.</summary>
internal sealed class VeleroListResult<T>(string kind, IAsyncEnumerable<T> items, JsonTypeInfo<T> type) : IResult
{
    private const int FlushBytes = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken cancellationToken = httpContext.RequestAborted;
        await using IAsyncEnumerator<T> source = items.GetAsyncEnumerator(cancellationToken);
        bool more = await source.MoveNextAsync(); // a store that does not answer fails here, where the answer can still be an error
        httpContext.Response.ContentType = "application/json; charset=utf-8";

        // Onto the pipe, since a writer on the stream would write synchronously whenever its buffer is full.
        PipeWriter pipe = httpContext.Response.BodyWriter;
        await using Utf8JsonWriter writer = new(pipe, JsonText.Readable);
        writer.WriteStartObject();
        writer.WriteString("apiVersion", VeleroNames.ApiVersion);
        writer.WriteString("kind", kind);
        writer.WriteStartArray("items");
        for (; more; more = await source.MoveNextAsync())
        {
            JsonSerializer.Serialize(writer, source.Current, type);
            if (writer.BytesPending + pipe.UnflushedBytes > FlushBytes)
            {
                await writer.FlushAsync(cancellationToken);
                await pipe.FlushAsync(cancellationToken);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        await pipe.FlushAsync(cancellationToken);
    }
}
