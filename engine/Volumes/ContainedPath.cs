namespace BackupFunctions.Engine.Volumes;

/// <summary>Finds a folder below a root without ever leaving it, whatever symbolic links lie on the way.</summary>
internal static class ContainedPath
{
    private const int MaxLinks = 40; // as Linux

    /// <summary>The real path of <paramref name="relative"/> below <paramref name="root"/>, or null and why not.</summary>
    public static string? Find(string root, string relative, out string? problem)
    {
        problem = null;
        if (!Directory.Exists(root))
        {
            problem = $"the local folder {root} does not exist";
            return null;
        }

        LinkedList<string> rest = new(NormalPath.Parts(relative));
        List<string> found = [];
        int links = 0;
        while (rest.First is { } next)
        {
            rest.RemoveFirst();
            if (next.Value == "..")
            {
                if (found.Count == 0)
                {
                    problem = $"'{relative}' leads out of {root}";
                    return null;
                }

                found.RemoveAt(found.Count - 1);
            }
            else if (next.Value != ".")
            {
                string path = string.Join('/', [root, .. found, next.Value]);
                if (new FileInfo(path).LinkTarget is not { } target)
                {
                    found.Add(next.Value);
                }
                else if (target.StartsWith('/') || ++links > MaxLinks)
                {
                    problem = $"the symbolic link {path} leads out of {root}";
                    return null;
                }
                else
                {
                    Prepend(rest, NormalPath.Parts(target));
                }
            }
        }

        string result = string.Join('/', [root, .. found]);
        if (!Directory.Exists(result))
        {
            problem = $"{result} does not exist or is no folder";
            return null;
        }

        return result;
    }

    private static void Prepend(LinkedList<string> rest, string[] parts)
    {
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            rest.AddFirst(parts[i]);
        }
    }
}
