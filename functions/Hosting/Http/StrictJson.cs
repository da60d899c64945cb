using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>
/// Reads what a caller sent: a member that the type does not have is refused by its name, since a misspelt filter that is passed over
/// would back up (or restore) something else than was asked for.
/// </summary>
internal static class StrictJson
{
    /// <exception cref="BackupException">InvalidInput that names the member.</exception>
    public static T Read<T>(JsonElement element, JsonTypeInfo<T> type)
        where T : class
    {
        if (FindUnknown(element, type, "$") is { } unknown)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"The member {unknown} is not known.", "Correct its name or leave it out.");
        }

        try
        {
            return element.Deserialize(type) ?? throw Wrong("it is null");
        }
        catch (JsonException e)
        {
            throw Wrong($"the value of {e.Path ?? "$"} does not fit: {FirstLine(e.Message)}");
        }
        catch (InvalidOperationException e)
        {
            throw Wrong(e.Message); // a number where a text is asked for, from a converter
        }
    }

    private static string? FindUnknown(JsonElement element, JsonTypeInfo type, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when type.Kind == JsonTypeInfoKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    string memberPath = $"{path}.{member.Name}";
                    JsonPropertyInfo? known = type.Properties.FirstOrDefault(property => !property.IsExtensionData && property.Name == member.Name);
                    if (known is null)
                    {
                        return memberPath;
                    }

                    if (FindUnknown(member.Value, type.Options.GetTypeInfo(known.PropertyType), memberPath) is { } found)
                    {
                        return found;
                    }
                }

                return null;
            case JsonValueKind.Object when type.Kind == JsonTypeInfoKind.Dictionary && type.ElementType is { } valueType:
                return element.EnumerateObject()
                    .Select(member => FindUnknown(member.Value, type.Options.GetTypeInfo(valueType), $"{path}.{member.Name}"))
                    .FirstOrDefault(found => found is not null);
            case JsonValueKind.Array when type.Kind == JsonTypeInfoKind.Enumerable && type.ElementType is { } elementType:
                return element.EnumerateArray()
                    .Select((value, index) => FindUnknown(value, type.Options.GetTypeInfo(elementType), $"{path}[{index}]"))
                    .FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    // The rest of the text repeats the path and the line.
    private static string FirstLine(string message) => message.Split(" Path:", 2)[0];

    private static BackupException Wrong(string problem) => new(ErrorKind.InvalidInput, $"The body is not valid: {problem}.", "Send an object in Velero's shape.");
}
