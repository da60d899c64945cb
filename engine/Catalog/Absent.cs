using System.Text.Json;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// Go leaves empty lists and maps out of JSON; here they are null, so that a record that was read and one that was made are written
/// alike. Maps are sorted by key as Go sorts them.
/// </summary>
internal static class Absent
{
    public static IReadOnlyList<T>? IfEmpty<T>(IReadOnlyList<T>? list)
        where T : class
    {
        if (list is null || list.Count == 0)
        {
            return null;
        }

        foreach (T? element in list)
        {
            if (element is null)
            {
                throw new JsonException("A list holds null where a value was expected.");
            }
        }

        return list;
    }

    public static IReadOnlyDictionary<string, T>? IfEmpty<T>(IReadOnlyDictionary<string, T>? map)
        where T : class
    {
        if (map is null || map.Count == 0)
        {
            return null;
        }

        SortedDictionary<string, T> sorted = new(StringComparer.Ordinal);
        foreach ((string key, T? value) in map)
        {
            sorted[key] = value ?? throw new JsonException("A map holds null where a value was expected.");
        }

        return sorted;
    }
}
