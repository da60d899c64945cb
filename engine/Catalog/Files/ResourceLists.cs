namespace BackupFunctions.Engine.Catalog.Files;

/// <summary>Resource lists in the order Velero writes them: kinds and names by ordinal order.</summary>
internal static class ResourceLists
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Sorted(IReadOnlyDictionary<string, IReadOnlyList<string>> list)
    {
        SortedDictionary<string, IReadOnlyList<string>> sorted = new(StringComparer.Ordinal);
        foreach ((string kind, IReadOnlyList<string> names) in list)
        {
            sorted[kind] = [.. names.Order(StringComparer.Ordinal)];
        }

        return sorted;
    }
}
