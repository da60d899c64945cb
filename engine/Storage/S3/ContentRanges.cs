using System.Net.Http.Headers;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>Reads the header <c>Content-Range: bytes first-last/whole</c>.</summary>
internal static class ContentRanges
{
    /// <summary>The whole blob's length, or -1 when the header is missing or speaks of another range.</summary>
    internal static long WholeLength(string? header, long offsetBytes) =>
        ContentRangeHeaderValue.TryParse(header, out ContentRangeHeaderValue? value) && value.From == offsetBytes ? value.Length ?? -1 : -1;
}
