using System.Buffers.Text;
using System.Diagnostics;

namespace BackupFunctions.Bench.Compare;

/// <summary>
/// A program run to its end: wall-clock seconds from start to exit, processor seconds of all its threads, and the greatest
/// resident memory. The kernel counts these itself (/proc/PID/stat, and VmHWM in /proc/PID/status; proc(5)); they are read every
/// few milliseconds, so only what comes just before the end can be missed. The rusage of a child would not do: it also counts the memory of the process that started it, before the exec.
/// </summary>
internal sealed record ChildRun(double Seconds, double ProcessorSeconds, long PeakBytes, string Output)
{
    private const int PollMilliseconds = 4;
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

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
        Task<(long PeakBytes, double ProcessorSeconds)> watch = Task.Factory.StartNew(() => Watch(process.Id), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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
        (long peakBytes, double processorSeconds) = await watch;
        return process.ExitCode == 0
            ? new ChildRun(seconds, processorSeconds, peakBytes, await output)
            : throw new InvalidOperationException($"{command.FileName} {string.Join(' ', command.Arguments)}: exit status {process.ExitCode}\n{await output}{await errors}");
    }

    /// <summary>Returns when the process is gone: then its status has no memory any more.</summary>
    private static (long PeakBytes, double ProcessorSeconds) Watch(int process)
    {
        ReadOnlySpan<byte> field = "VmHWM:"u8;
        byte[] status = new byte[4096];
        long peak = 0;
        double processor = 0;
        try
        {
            using FileStream file = new($"/proc/{process}/status", new FileStreamOptions { BufferSize = 0 });
            using FileStream times = new($"/proc/{process}/stat", new FileStreamOptions { BufferSize = 0 });
            while (true)
            {
                times.Position = 0;
                processor = Math.Max(processor, ProcessorTicks(status.AsSpan(0, times.Read(status))) / TicksPerSecond);
                file.Position = 0;
                ReadOnlySpan<byte> text = status.AsSpan(0, file.Read(status));
                int at = text.IndexOf(field);
                if (at < 0)
                {
                    return (peak, processor);
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
            return (peak, processor); // it ended, and so did its folder below /proc
        }
    }

    /// <summary>utime and stime: the 14th and 15th field, counted from the program's name, which may hold blanks, in parentheses.</summary>
    private static long ProcessorTicks(ReadOnlySpan<byte> stat)
    {
        const int UserField = 11; // after the name: state is 0
        string[] fields = System.Text.Encoding.ASCII.GetString(stat[(stat.LastIndexOf((byte)')') + 1)..]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > UserField + 1
            ? long.Parse(fields[UserField], System.Globalization.CultureInfo.InvariantCulture) + long.Parse(fields[UserField + 1], System.Globalization.CultureInfo.InvariantCulture)
            : 0;
    }
}
