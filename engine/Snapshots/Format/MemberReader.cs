using System.Text.Json;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>Values of JSON members with the types that the format demands; anything else is damage of the named object.</summary>
internal static class MemberReader
{
    public static string Text(ref Utf8JsonReader json, string where)
    {
        try
        {
            return json.TokenType == JsonTokenType.String ? json.GetString() ?? "" : throw Wrong(where, "a string", json.TokenType.ToString());
        }
        catch (InvalidOperationException error)
        {
            throw new RepositoryCorruptException(where, null, "text", "a string that is not UTF-8", error);
        }
    }

    public static long Number(ref Utf8JsonReader json, string where) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long value)
            ? value
            : throw Wrong(where, "a whole number", json.TokenType.ToString());

    public static uint Id(ref Utf8JsonReader json, string where) =>
        json.TokenType == JsonTokenType.Number && json.TryGetUInt32(out uint value)
            ? value
            : throw Wrong(where, "a number of 32 bits", json.TokenType.ToString());

    public static bool Flag(ref Utf8JsonReader json, string where) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong(where, "true or false", json.TokenType.ToString()),
    };

    public static byte[] Bytes(ref Utf8JsonReader json, string where) =>
        json.TokenType == JsonTokenType.String && json.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw Wrong(where, "base64", json.TokenType.ToString());

    public static UnixNanos Time(ref Utf8JsonReader json, string where)
    {
        string text = Text(ref json, where);
        return UnixNanos.TryParse(text, out UnixNanos time) ? time : throw Wrong(where, "a time", $"'{text}'");
    }

    public static ObjectId Object(ref Utf8JsonReader json, string where)
    {
        string text = Text(ref json, where);
        return ObjectId.TryParse(text, out ObjectId id) ? id : throw Wrong(where, "an object ID", $"'{text}'");
    }

    /// <summary>Moves into an object; false for null.</summary>
    public static bool EnterObject(ref Utf8JsonReader json, string where) => json.TokenType switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.Null => false,
        _ => throw Wrong(where, "an object", json.TokenType.ToString()),
    };

    /// <summary>Moves into an array; false for null.</summary>
    public static bool EnterArray(ref Utf8JsonReader json, string where) => json.TokenType switch
    {
        JsonTokenType.StartArray => true,
        JsonTokenType.Null => false,
        _ => throw Wrong(where, "an array", json.TokenType.ToString()),
    };

    /// <summary>Moves to the next member's value and returns the member's name; null at the object's end.</summary>
    public static string? NextMember(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        string name = json.GetString() ?? "";
        json.Read();
        return name;
    }

    public static RepositoryCorruptException Wrong(string where, string expected, string found) => new(where, null, expected, found);
}
