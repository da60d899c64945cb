namespace BackupFunctions.App.Hosting;

/// <summary>The method answers requests of these methods.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel level, params string[] methods) : Attribute
{
    public AuthorizationLevel Level { get; } = level;

    public IReadOnlyList<string> Methods { get; } = methods;

    /// <summary>Below <c>/api/</c>; with a leading slash from the root. Default: the function's name.</summary>
    public string? Route { get; set; }
}
