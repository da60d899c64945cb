using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Json;

/// <summary>A duration as Go writes it (<c>720h0m0s</c>); an empty text is zero. A bare number is nanoseconds, as Go's own JSON has it.</summary>
public sealed class GoDurationJsonConverter : JsonConverter<TimeSpan>
{
    private const long NanosPerTick = 100;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long nanos))
        {
            return TimeSpan.FromTicks(nanos / NanosPerTick);
        }

        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (text is "")
        {
            return TimeSpan.Zero;
        }

        return GoDuration.TryParse(text, out TimeSpan value) ? value : throw new JsonException("A duration such as \"720h0m0s\" was expected.");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(GoDuration.Format(value));
}
