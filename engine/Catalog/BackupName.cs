using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Name of a backup: a DNS-1123 subdomain, so it is safe as an object name and as a path. <c>default</c> is not a valid name.</summary>
public readonly record struct BackupName : IComparable<BackupName>
{
    private readonly string? value;

    private BackupName(string value) => this.value = value;

    /// <exception cref="BackupException">InvalidInput when the text is not a good name; the message says why.</exception>
    public static BackupName Parse(string? text) =>
        NameRules.Problem(text) is { } problem
            ? throw new BackupException(ErrorKind.InvalidInput, $"'{text}' cannot be the name of a backup: {problem}.", "Choose another name, for example backup-1.")
            : new BackupName(text!); // a null text is a problem

    public static bool TryParse(string? text, out BackupName name)
    {
        bool good = NameRules.Problem(text) is null;
        name = good ? new BackupName(text!) : default; // a null text is a problem
        return good;
    }

    public int CompareTo(BackupName other) => string.CompareOrdinal(value, other.value);

    public static bool operator <(BackupName left, BackupName right) => left.CompareTo(right) < 0;

    public static bool operator >(BackupName left, BackupName right) => left.CompareTo(right) > 0;

    public static bool operator <=(BackupName left, BackupName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BackupName left, BackupName right) => left.CompareTo(right) >= 0;

    public override string ToString() => value ?? throw new InvalidOperationException("This backup name was never set.");
}
