using System.Diagnostics;
using System.Text;

namespace BackupFunctions.Tests.Engine.Files;

/// <summary>
/// A temporary folder that is made by the shell and looked at with find and sha256sum, so that what the tested code reads and writes
/// is judged by programs that share nothing with it.
/// </summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("backup-functions-").FullName;

    public string Path { get; }

    public static bool IsRoot => Environment.UserName == "root";

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Runs bash in the folder; anything but exit status 0 fails the test.</summary>
    public string Shell(string script) => Encoding.Latin1.GetString(Run(Path, script));

    /// <summary>
    /// One line for each entry below the folder: path, type, mode, owner, group, length, time to the nanosecond, link target, and the
    /// hash of its bytes; sorted. Bytes are taken as Latin-1, so that all names can be told apart.
    /// </summary>
    public IReadOnlyList<string> Describe(string folder = ".")
    {
        string entries = Shell($"""cd '{folder}'; find . \( -type d -printf '%p|%y|%m|%U|%G||%T@|%l|\0' \) -o -printf '%p|%y|%m|%U|%G|%s|%T@|%l|%n\0'""");
        string hashes = Shell($"cd '{folder}'; find . -type f -exec sha256sum -z {{}} +");
        return [.. entries.Split('\0').Concat(hashes.Split('\0')).Where(static line => line.Length > 0).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        Run("/", $"chmod -R u+rwX '{Path}' 2>/dev/null; rm -rf '{Path}'");
    }

    private static byte[] Run(string folder, string script)
    {
        ProcessStartInfo start = new("/bin/bash", ["-euc", script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        using MemoryStream output = new();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"bash: {process.ExitCode}: {errors.Result}");
    }
}
