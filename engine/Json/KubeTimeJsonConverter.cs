using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Json;

/// <summary>A moment as Kubernetes writes <c>metav1.Time</c>: RFC 3339, UTC, whole seconds. Reading takes any offset and fraction.</summary>
public sealed class KubeTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && UnixNanos.TryParse(reader.GetString(), out UnixNanos value)
            ? value.ToDateTimeOffset()
            : throw new JsonException("A time such as \"2026-01-02T03:04:05Z\" was expected.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
