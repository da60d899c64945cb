using System.Diagnostics;
using Xunit;

namespace BackupFunctions.Tests.Functions;

/// <summary>The executable itself.</summary>
public sealed class ProgramTests : IDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bf-program-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Settings_that_cannot_be_used_end_it_with_status_2_and_all_reasons()
    {
        using Process process = Start("--set", "BACKUP_STORE=nowhere", "--set", "BACKUP_LEASE=soon");

        string errors = await process.StandardError.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains("BACKUP_STORE", errors, StringComparison.Ordinal);
        Assert.Contains("BACKUP_LEASE", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draining_empty_queues_ends_with_status_0()
    {
        using Process process = Start("--drain", "--set", "BACKUP_CLUSTER=sample");

        Task<string> output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Limit);

        Assert.True(process.ExitCode == 0, await output + await process.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task It_serves_until_it_is_asked_to_stop_and_then_ends_with_status_0()
    {
        using Process process = Start("--urls", "http://127.0.0.1:0", "--set", "BACKUP_CLUSTER=sample");
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        }
        while (line is not null && !line.Contains("Serving HTTP on", StringComparison.Ordinal));

        Assert.NotNull(line);
        using HttpClient http = new();
        string url = line[line.IndexOf("http://", StringComparison.Ordinal)..].TrimEnd('.');
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri($"{url}/healthz")));

        using Process kill = Process.Start("kill", ["-s", $"{SigTerm}", $"{process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(Limit);
        Task<string> rest = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Limit);

        Assert.True(process.ExitCode == 0, await rest + await process.StandardError.ReadToEndAsync());
    }

    private Process Start(params string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "backup-functions.dll"), .. args])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }
}
