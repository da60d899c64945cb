namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>What the rules say of an object: restore it (as they changed it), or leave it out for a reason that people can read.</summary>
internal readonly record struct RuleResult(string? SkipReason)
{
    /// <summary>The object is to be restored.</summary>
    public static RuleResult Restore => default;

    public static RuleResult Skip(string reason) => new(reason);
}
