using System.Globalization;

namespace BackupFunctions.Engine.Catalog.Text;

/// <summary>Values as Velero's descriptions spell them.</summary>
internal static class Words
{
    public const string None = "<none>";
    public const string NoneIncluded = "<none included>";
    public const string NotAvailable = "<n/a>";

    public static string Joined(IReadOnlyList<string>? list, string ifEmpty = None) => list is null ? ifEmpty : string.Join(", ", list);

    /// <summary>A flag that may be undecided: auto, true or false.</summary>
    public static string Flag(bool? value, string ifNull = "auto", string ifTrue = "true", string ifFalse = "false") =>
        value is null ? ifNull : value.Value ? ifTrue : ifFalse;

    public static string Time(DateTimeOffset? value) =>
        value?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '+0000 UTC'", CultureInfo.InvariantCulture) ?? NotAvailable;

    public static string Selector(LabelSelector? selector) => selector?.ToText() ?? None;

    public static string Selectors(IReadOnlyList<LabelSelector>? selectors) =>
        selectors is null ? None : string.Join(" or ", selectors.Select(selector => selector.ToText()));

    public static IEnumerable<string> Pairs(IReadOnlyDictionary<string, string>? map, char separator = '=') =>
        map?.Select(pair => $"{pair.Key}{separator}{pair.Value}") ?? [];

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The phase; for failures with a hint on where to look.</summary>
    public static string Phase(string? phase, string noun, string name)
    {
        string word = string.IsNullOrEmpty(phase) ? BackupPhase.New : phase;
        return word is BackupPhase.Failed or BackupPhase.PartiallyFailed
            ? $"{word} (run `backupctl {noun} logs {name}` for more information)"
            : word;
    }
}
