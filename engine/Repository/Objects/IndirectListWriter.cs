using System.Buffers;
using System.Text.Json;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>Writes the list of an object's parts as an object of its own.</summary>
internal static class IndirectListWriter
{
    private const int FlushBytes = 64 << 10;

    /// <returns>The object that the list stands for.</returns>
    public static async Task<ObjectId> WriteAsync(ObjectWriteContext context, char prefix, IReadOnlyList<ObjectPart> parts, CancellationToken cancellationToken)
    {
        char listPrefix = prefix == ObjectWriteContext.DirectoryPrefix ? prefix : ObjectWriteContext.ListPrefix;
        await using ChunkedObjectWriter list = new(context, listPrefix, ObjectCompression.None, expectedBytes: null);
        ArrayBufferWriter<byte> buffer = new(FlushBytes);
        await using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("stream"u8, "kopia:indirect"u8);
            json.WriteStartArray("entries"u8);
            foreach (ObjectPart part in parts)
            {
                WriteEntry(json, part);
                if (json.BytesPending + buffer.WrittenCount >= FlushBytes)
                {
                    await json.FlushAsync(cancellationToken);
                    await list.WriteAsync(buffer.WrittenMemory, cancellationToken);
                    buffer.ResetWrittenCount();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        await list.WriteAsync(buffer.WrittenMemory, cancellationToken);
        return ObjectId.ListedBy(await list.FinishAsync(cancellationToken));
    }

    private static void WriteEntry(Utf8JsonWriter json, ObjectPart part)
    {
        json.WriteStartObject();
        if (part.Start != 0)
        {
            json.WriteNumber("s"u8, part.Start);
        }

        if (part.LengthBytes != 0)
        {
            json.WriteNumber("l"u8, part.LengthBytes);
        }

        json.WriteString("o"u8, part.Id.ToString());
        json.WriteEndObject();
    }
}
