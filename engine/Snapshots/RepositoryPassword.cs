namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// The password of a bucket's repositories: the value of the key <c>repository-password</c> of Velero's secret
/// <c>velero-repo-credentials</c>, without white space around it. Never shows its value as text.
/// </summary>
public sealed class RepositoryPassword
{
    /// <summary>What Velero takes when nobody chose a password.</summary>
    public static RepositoryPassword VeleroDefault { get; } = new("static-passw0rd");

    /// <exception cref="ArgumentException">Nothing is left but white space.</exception>
    public RepositoryPassword(string text)
    {
        Value = text.Trim();
        if (Value.Length == 0)
        {
            throw new ArgumentException("A repository's password must not be empty.", nameof(text));
        }
    }

    internal string Value { get; }

    public override string ToString() => "(redacted)";
}
