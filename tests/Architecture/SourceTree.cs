using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BackupFunctions.Tests.Architecture;

/// <summary>The project's own source files, read from the checkout that the tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Parsed files below a folder of the root, without generated ones.</summary>
    public static IEnumerable<(string Path, CompilationUnitSyntax Unit)> Files(string folder)
    {
        string top = Path.Combine(Root, folder);
        foreach (string path in Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(Root, path);
            if (relative.Split('/').Any(part => part is "bin" or "obj"))
            {
                continue;
            }

            yield return (relative, (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot());
        }
    }

    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..")); // a compiled file always has a folder
}
