namespace BackupFunctions.Engine.Volumes;

/// <summary>Absolute Unix paths as text.</summary>
internal static class NormalPath
{
    /// <summary>The path with single slashes and none at its end; the root itself is "".</summary>
    public static string Of(string path) => string.Concat(Parts(path).Select(part => "/" + part));

    public static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What of <paramref name="path"/> lies below <paramref name="parent"/> ("" for itself), or null when it does not.</summary>
    public static string? Below(string parent, string path)
    {
        string normal = Of(path);
        return normal == parent ? "" : normal.StartsWith(parent + "/", StringComparison.Ordinal) ? normal[(parent.Length + 1)..] : null;
    }
}
