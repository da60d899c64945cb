using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BackupFunctions.Engine.Cluster;

/// <summary>How this layer reads and writes JSON.</summary>
internal static class ClusterJson
{
    /// <summary>Nesting of custom resource definitions goes beyond the usual limit of 64; a member that comes twice is refused.</summary>
    public static readonly JsonDocumentOptions Reading = new() { MaxDepth = 512, AllowDuplicateProperties = false };

    /// <summary>For files that people read.</summary>
    public static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine(),
    };

    /// <summary>A moment as the API server writes it: whole seconds, UTC.</summary>
    public static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
