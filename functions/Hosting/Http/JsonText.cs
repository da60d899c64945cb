using System.Text.Encodings.Web;
using System.Text.Json;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>How answers are written.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
