using BackupFunctions.Tests.Architecture;

namespace BackupFunctions.Tests.Docs;

/// <summary>The files of the checkout that somebody wrote: without what was built, fetched or produced by running.</summary>
internal static class DocumentTree
{
    private static readonly HashSet<string> Produced = ["bin", "obj", "node_modules", "TestResults", "artifacts", ".git", ".data", ".cache", ".vs", ".idea"];

    /// <summary>Paths below the root, with slashes, of files with one of the endings.</summary>
    public static IEnumerable<string> Files(params string[] endings) => Below("", endings);

    private static IEnumerable<string> Below(string folder, string[] endings)
    {
        string full = Path.Combine(SourceTree.Root, folder);
        foreach (string path in Directory.EnumerateFiles(full).Order(StringComparer.Ordinal))
        {
            if (endings.Contains(Path.GetExtension(path), StringComparer.Ordinal))
            {
                yield return Path.Combine(folder, Path.GetFileName(path));
            }
        }

        foreach (string child in Directory.EnumerateDirectories(full).Select(path => Path.GetFileName(path)!).Where(name => !Produced.Contains(name)))
        {
            foreach (string path in Below(Path.Combine(folder, child), endings))
            {
                yield return path;
            }
        }
    }
}
