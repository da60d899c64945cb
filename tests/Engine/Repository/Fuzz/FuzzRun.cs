using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;
using Xunit.Sdk;

namespace BackupFunctions.Tests.Engine.Repository.Fuzz;

/// <summary>
/// Many rounds of one target, each with a seed of its own: a failure names the seed, and TEST_SEED set to it makes that round the
/// first one. FUZZ_SECONDS sets how long each target runs; without it one second.
/// </summary>
internal static class FuzzRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("FUZZ_SECONDS"), CultureInfo.InvariantCulture, out double seconds) ? seconds : 1);

    /// <summary>Rounds that may do anything but crash, hang, allocate without reason, or fail with an error that is not of this project.</summary>
    /// <param name="round">Does one round.</param>
    /// <param name="maxAllocatedBytes">What one round may allocate.</param>
    /// <param name="fixedSeeds">Rounds that failed once.</param>
    public static void Run(Action<Random> round, long maxAllocatedBytes, params int[] fixedSeeds)
    {
        foreach (int seed in fixedSeeds)
        {
            Once(round, seed, maxAllocatedBytes);
        }

        int first = FirstSeed();
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; watch.Elapsed < Duration; i++)
        {
            Once(round, unchecked(first + i), maxAllocatedBytes);
        }
    }

    /// <summary>The same for rounds that wait; what they allocate is told by no thread and not checked.</summary>
    public static async Task RunAsync(Func<Random, Task> round, params int[] fixedSeeds)
    {
        foreach (int seed in fixedSeeds)
        {
            await OnceAsync(round, seed);
        }

        int first = FirstSeed();
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; watch.Elapsed < Duration; i++)
        {
            await OnceAsync(round, unchecked(first + i));
        }
    }

    private static int FirstSeed()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("TEST_SEED"), CultureInfo.InvariantCulture, out int first))
        {
            first = RandomNumberGenerator.GetInt32(int.MaxValue);
        }

        Console.WriteLine($"TEST_SEED={first}");
        return first;
    }

    private static async Task OnceAsync(Func<Random, Task> round, int seed)
    {
        try
        {
            await round(new Random(seed)).WaitAsync(Limit);
        }
        catch (Exception error) when (!IsTyped(error))
        {
            throw new XunitException($"TEST_SEED={seed}: {error}");
        }
        catch (BackupException)
        {
            // What hostile bytes may do.
        }
    }

    /// <summary>Whether the error is one of ours that says what is wrong.</summary>
    private static bool IsTyped(Exception error) =>
        error is BackupException { Kind: ErrorKind.Corrupt or ErrorKind.Unsupported or ErrorKind.WrongPassword or ErrorKind.NotFound or ErrorKind.Conflict, Message.Length: > 0 };

    private static void Once(Action<Random> round, int seed, long maxAllocatedBytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            round(new Random(seed));
        }
        catch (Exception error) when (!IsTyped(error))
        {
            throw new XunitException($"TEST_SEED={seed}: {error}");
        }
        catch (BackupException)
        {
            // What hostile bytes may do.
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > maxAllocatedBytes || watch.Elapsed > Limit)
        {
            throw new XunitException($"TEST_SEED={seed}: {allocated} bytes allocated in {watch.Elapsed}");
        }
    }
}
