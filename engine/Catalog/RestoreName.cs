using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Name of a restore: a DNS-1123 subdomain, so it is safe as an object name and as a path. <c>default</c> is not a valid name.</summary>
public readonly record struct RestoreName : IComparable<RestoreName>
{
    private readonly string? value;

    private RestoreName(string value) => this.value = value;

    /// <exception cref="BackupException">InvalidInput when the text is not a good name; the message says why.</exception>
    public static RestoreName Parse(string? text) =>
        NameRules.Problem(text) is { } problem
            ? throw new BackupException(ErrorKind.InvalidInput, $"'{text}' cannot be the name of a restore: {problem}.", "Choose another name, for example restore-1.")
            : new RestoreName(text!); // a null text is a problem

    public static bool TryParse(string? text, out RestoreName name)
    {
        bool good = NameRules.Problem(text) is null;
        name = good ? new RestoreName(text!) : default; // a null text is a problem
        return good;
    }

    public int CompareTo(RestoreName other) => string.CompareOrdinal(value, other.value);

    public static bool operator <(RestoreName left, RestoreName right) => left.CompareTo(right) < 0;

    public static bool operator >(RestoreName left, RestoreName right) => left.CompareTo(right) > 0;

    public static bool operator <=(RestoreName left, RestoreName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RestoreName left, RestoreName right) => left.CompareTo(right) >= 0;

    public override string ToString() => value ?? throw new InvalidOperationException("This restore name was never set.");
}
