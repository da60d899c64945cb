using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>Work messages as JSON.</summary>
internal static class MessageCodec
{
    /// <summary>What Azure Storage takes: 64 KiB of text, which hold this much as base64.</summary>
    public const int MaxBodyBytes = 48 * 1024;

    private const int KnownVersion = 1;

    public static byte[] Write(WorkMessage message)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(message, MessageJsonContext.Default.WorkMessage);
        return body.Length <= MaxBodyBytes
            ? body
            : throw new BackupException(ErrorKind.InvalidInput, $"The message for {message.Run} {message.Name} has {body.Length} bytes; a queue takes {MaxBodyBytes}.", "Use a shorter name.");
    }

    /// <summary>Reads a message that anybody may have put there; <paramref name="problem"/> says why it is none of ours.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out WorkMessage? message, out string problem)
    {
        problem = "";
        message = null;
        try
        {
            message = JsonSerializer.Deserialize(body.Span, MessageJsonContext.Default.WorkMessage);
        }
        catch (JsonException e)
        {
            // The text of the exception names places in the message, not its content.
            problem = $"it is not a work message ({e.Path ?? "no JSON"}, line {e.LineNumber}, byte {e.BytePositionInLine})";
            return false;
        }

        problem = message switch
        {
            null => "it is the JSON value null",
            { Version: not KnownVersion } => $"it has version {message.Version}, this worker knows {KnownVersion}",
            { Run.Length: 0 } or { Name.Length: 0 } => "it names no run",
            _ => "",
        };
        message = problem.Length == 0 ? message : null;
        return message is not null;
    }
}
