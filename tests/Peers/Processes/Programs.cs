namespace BackupFunctions.Tests.Peers.Processes;

/// <summary>Finds the programs that the scripts in tests/servers install or build.</summary>
internal static class Programs
{
    /// <summary>The folder that those scripts keep things in, outside the clone.</summary>
    public static string CacheFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("BACKUP_FUNCTIONS_TEST_CACHE") is { Length: > 0 } chosen)
            {
                return chosen;
            }

            var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
                ? xdg
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(caches, "backup-functions-tests");
        }
    }

    /// <summary>Full path of a program, or null. KUBEBUILDER_ASSETS comes first, so that newer API servers can be tried.</summary>
    public static string? Find(string name)
    {
        foreach (var folder in Folders())
        {
            var candidate = Path.Combine(folder, name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    public static string Require(string name) => Find(name)
        ?? throw new PeerException($"{name} is not installed; ./test.sh or the scripts in tests/servers install it");

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } assets)
        {
            yield return assets;
        }

        yield return Path.Combine(CacheFolder, "bin");

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }
    }
}
