using System.Globalization;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage;

/// <summary>Limits of time and repetition for one store.</summary>
public sealed record BlobStoreOptions
{
    /// <summary>Longest wait for a connection. Default 10 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for the head of an answer, on top of the time that sending the content may take. Default 60 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Slowest sending that is not yet given up, in bytes per second. Default 32 KiB.</summary>
    public int SlowestUploadBytesPerSecond { get; init; } = 32 * 1024;

    /// <summary>Longest pause within an answer's body. Default 60 seconds.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often one call is made in all, at most. Default 8; 1 for no repetition.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>Wait before the second attempt; doubles each time, less a random part of up to half. Default 250 milliseconds.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between two attempts. Default 15 seconds.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>No attempt starts later than this after the first. Default 2 minutes.</summary>
    public TimeSpan MaxTotalTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most connections to one server. Default 64.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>Told of each failure after which a call is made again, by whichever thread meets it. Default nobody.</summary>
    public IProgress<BackupException>? Repeated { get; init; }

    /// <summary>Whether every write and deletion is refused. Default false.</summary>
    public bool ReadOnly { get; init; }

    /// <exception cref="BackupException">InvalidInput that names every value out of its limits.</exception>
    public void Validate()
    {
        List<string> problems = [];
        Positive(nameof(ConnectTimeout), ConnectTimeout);
        Positive(nameof(RequestTimeout), RequestTimeout);
        Positive(nameof(StallTimeout), StallTimeout);
        AtLeastOne(nameof(SlowestUploadBytesPerSecond), SlowestUploadBytesPerSecond);
        AtLeastOne(nameof(MaxAttempts), MaxAttempts);
        AtLeastOne(nameof(MaxConnections), MaxConnections);
        NotNegative(nameof(FirstDelay), FirstDelay);
        NotNegative(nameof(LongestDelay), LongestDelay);
        NotNegative(nameof(MaxTotalTime), MaxTotalTime);
        if (problems.Count > 0)
        {
            throw new BackupException(
                ErrorKind.InvalidInput,
                $"The store's options are wrong: {string.Join("; ", problems)}.",
                "Correct these values, or leave them out for the defaults.");
        }

        void Positive(string name, TimeSpan value) => Check(value > TimeSpan.Zero && value < TimeSpan.FromDays(1), name, $"{value} is not between 0 and 1 day");
        void NotNegative(string name, TimeSpan value) => Check(value >= TimeSpan.Zero && value < TimeSpan.FromDays(1), name, $"{value} is not between 0 and 1 day");
        void AtLeastOne(string name, int value) => Check(value >= 1, name, string.Create(CultureInfo.InvariantCulture, $"{value} is less than 1"));
        void Check(bool good, string name, string problem)
        {
            if (!good)
            {
                problems.Add($"{name}: {problem}");
            }
        }
    }
}
