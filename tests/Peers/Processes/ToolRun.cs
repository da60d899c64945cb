using System.Diagnostics;

namespace BackupFunctions.Tests.Peers.Processes;

/// <summary>Runs a program to its end.</summary>
internal sealed record ToolRun(int ExitCode, string Output)
{
    /// <summary>Standard output and standard error come together, in <see cref="Output"/>.</summary>
    public static async Task<ToolRun> RunAsync(
        string fileName,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start) ?? throw new PeerException($"{fileName} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ToolRun(process.ExitCode, await output + await errors);
    }

    public ToolRun ThrowIfFailed(string what) =>
        ExitCode == 0 ? this : throw new PeerException($"{what}: exit status {ExitCode}\n{Output}");
}
