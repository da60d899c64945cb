using System.Diagnostics;
using System.Security.Cryptography;

namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>A file tree as text: two trees are equal when their texts are. Read with the system's own find, not with the code under test.</summary>
internal static class Trees
{
    public static string Describe(string root)
    {
        ProcessStartInfo find = new("find") { RedirectStandardOutput = true, ArgumentList = { root, "-printf", "%P\\t%y\\t%m\\t%U:%G\\t%T@\\t%l\\n" } };
        using Process process = Process.Start(find)!; // started without the shell, so never null
        string listing = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"find {root} ended with {process.ExitCode}");
        }

        IEnumerable<string> lines = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(line =>
        {
            string[] fields = line.Split('\t');
            return fields[1] == "f" ? $"{line}\t{Hash(Path.Combine(root, fields[0]))}" : line;
        });
        return string.Join('\n', lines);
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
