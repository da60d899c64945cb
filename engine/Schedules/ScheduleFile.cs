using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Engine.Schedules;

/// <summary>Reads Velero Schedule objects from YAML (one or more documents), strictly: whatever is not understood is an error with its line.</summary>
public static class ScheduleFile
{
    /// <summary>Longest text; a schedule has some hundred bytes.</summary>
    private const int MaxCharacters = 1024 * 1024;

    /// <exception cref="BackupException">InvalidInput; the message names the file and the line.</exception>
    /// <param name="yaml">The text.</param>
    /// <param name="displayName">How errors call it.</param>
    public static IReadOnlyList<VeleroSchedule> Parse(string yaml, string displayName)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        if (yaml.Length > MaxCharacters)
        {
            throw Invalid(displayName, 1, $"it has more than {MaxCharacters} characters");
        }

        IReadOnlyList<JsonNode> documents = ReadYaml(yaml, displayName);
        IReadOnlyList<YamlLines> lines = YamlLines.ParseAll(yaml);
        List<VeleroSchedule> schedules = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < documents.Count; i++)
        {
            VeleroSchedule schedule = ReadOne(documents[i], lines[i], displayName);
            if (!names.Add(schedule.Name))
            {
                throw Invalid(displayName, lines[i].Of("$.metadata.name"), $"there is another schedule named '{schedule.Name}'");
            }

            schedules.Add(schedule);
        }

        return schedules;
    }

    private static IReadOnlyList<JsonNode> ReadYaml(string yaml, string displayName)
    {
        try
        {
            return YamlReader.ParseAll(yaml);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.InvalidInput)
        {
            throw new BackupException(e.Kind, $"{displayName}: {e.Message}", e.Remedy, e);
        }
    }

    private static VeleroSchedule ReadOne(JsonNode document, YamlLines lines, string displayName)
    {
        if (document is not JsonObject)
        {
            throw Invalid(displayName, lines.FirstLine, "a Schedule object was expected");
        }

        RequireText(document, "kind", "Schedule", lines, displayName);
        RequireText(document, "apiVersion", VeleroNames.ApiVersion, lines, displayName);
        if (FindMisfit(document, CatalogJsonContext.Default.VeleroSchedule, "$") is { } misfit)
        {
            throw Invalid(displayName, lines.Of(misfit.Path), misfit.Problem);
        }

        VeleroSchedule schedule;
        try
        {
            schedule = document.Deserialize(CatalogJsonContext.Default.VeleroSchedule)!; // an object is not null
        }
        catch (JsonException e)
        {
            string path = e.Path ?? "$";
            throw Invalid(displayName, lines.Of(path), $"the value of '{path.TrimStart('$', '.')}' has the wrong type or form; a text that looks like a number or a truth value must be quoted", e);
        }

        Check(schedule, lines, displayName);
        return schedule;
    }

    private static void Check(VeleroSchedule schedule, YamlLines lines, string displayName)
    {
        if (!BackupName.TryParse(schedule.Name, out _) || schedule.Name.Length > ScheduledBackupName.MaxScheduleLength)
        {
            throw Invalid(
                displayName,
                lines.Of("$.metadata.name"),
                $"'{schedule.Name}' cannot be the name of a schedule: allowed are at most {ScheduledBackupName.MaxScheduleLength} of the characters a-z, 0-9, '-' and '.', with a letter or digit at both ends");
        }

        try
        {
            CronSchedule.Parse(schedule.Spec.Schedule);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.InvalidInput)
        {
            throw Invalid(displayName, lines.Of("$.spec.schedule"), e.Message, e);
        }

        if (schedule.Spec.Template.Ttl < TimeSpan.Zero)
        {
            throw Invalid(displayName, lines.Of("$.spec.template.ttl"), "the time to live is negative");
        }
    }

    private static void RequireText(JsonNode document, string member, string expected, YamlLines lines, string displayName)
    {
        string? found = document[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        if (found != expected)
        {
            throw Invalid(displayName, lines.Of($"$.{member}"), $"{member} must be {expected}{(found is null ? "" : $", not '{found}'")}");
        }
    }

    // The first member that the record of its place does not have, or the first empty element of a list.
    private static (string Path, string Problem)? FindMisfit(JsonNode? node, JsonTypeInfo type, string path)
    {
        switch (node)
        {
            case JsonArray array when type.Kind == JsonTypeInfoKind.Enumerable:
                JsonTypeInfo element = CatalogJsonContext.Default.GetTypeInfo(type.ElementType!)!; // every type reached from a schedule is in the context
                for (int i = 0; i < array.Count; i++)
                {
                    string elementPath = $"{path}[{i}]";
                    (string, string)? misfit = array[i] is null
                        ? (elementPath, $"an element of '{path[2..]}' is empty")
                        : FindMisfit(array[i], element, elementPath);
                    if (misfit is not null)
                    {
                        return misfit;
                    }
                }

                return null;
            case JsonObject members when type.Kind == JsonTypeInfoKind.Object:
                foreach ((string name, JsonNode? value) in members)
                {
                    string memberPath = YamlLines.Member(path, name);
                    JsonPropertyInfo? property = type.Properties.FirstOrDefault(known => known.Name == name && known is { IsExtensionData: false, Get: not null });
                    if (property is null)
                    {
                        return (memberPath, $"the key '{memberPath[2..]}' is unknown");
                    }

                    if (CatalogJsonContext.Default.GetTypeInfo(property.PropertyType) is { } memberType && FindMisfit(value, memberType, memberPath) is { } inMember)
                    {
                        return inMember;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private static BackupException Invalid(string displayName, long line, string problem, Exception? inner = null) => new(
        ErrorKind.InvalidInput, $"{displayName}, line {line}: {problem}.", "Correct the file; it holds Velero Schedule objects (velero.io/v1).", inner);
}
