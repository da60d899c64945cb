using System.Buffers.Text;
using System.Diagnostics;

namespace BackupFunctions.Bench.Compare;

/// <summary>
/// A program run to its end: wall-clock seconds from start to exit, and the greatest resident memory. The kernel keeps that mark
/// itself (VmHWM in /proc/PID/status; proc(5)); it is read every few milliseconds, so only growth just before the end can be
/// missed. The rusage of a child would not do: it also counts the memory of the process that started it, before the exec.
/// </summary>
internal sealed record ChildRun(double Seconds, long PeakBytes, string Output)
{
    private const int PollMilliseconds = 4;

    /// <exception cref="InvalidOperationException">The program did not end with 0.</exception>
    public static async Task<ChildRun> RunAsync(ChildCommand command, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(command.FileName, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingFolder ?? "",
        };
        foreach ((string name, string value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{command.FileName} did not start");
        Task<long> peak = Task.Factory.StartNew(() => WatchMemory(process.Id), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return process.ExitCode == 0
            ? new ChildRun(seconds, await peak, await output)
            : throw new InvalidOperationException($"{command.FileName} {string.Join(' ', command.Arguments)}: exit status {process.ExitCode}\n{await output}{await errors}");
    }

    /// <summary>Returns when the process is gone: then its status has no memory any more.</summary>
    private static long WatchMemory(int process)
    {
        ReadOnlySpan<byte> field = "VmHWM:"u8;
        byte[] status = new byte[4096];
        long peak = 0;
        try
        {
            using FileStream file = new($"/proc/{process}/status", new FileStreamOptions { BufferSize = 0 });
            while (true)
            {
                file.Position = 0;
                ReadOnlySpan<byte> text = status.AsSpan(0, file.Read(status));
                int at = text.IndexOf(field);
                if (at < 0)
                {
                    return peak;
                }

                if (Utf8Parser.TryParse(text[(at + field.Length)..].TrimStart("\t "u8), out long kibibytes, out _))
                {
                    peak = Math.Max(peak, kibibytes * 1024);
                }

                Thread.Sleep(PollMilliseconds);
            }
        }
        catch (IOException)
        {
            return peak; // it ended, and so did its folder below /proc
        }
    }
}
