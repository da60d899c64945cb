using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage;

/// <summary>
/// Tries on a scratch blob all that a store must do. It writes one blob of random bytes below <c>metadata/backup-functions/</c>
/// and deletes it again.
/// </summary>
public sealed class StoreCheck(IBlobStore store, TimeProvider time)
{
    private const int ContentBytes = 64 * 1024;
    private const int RangeOffset = 1000;
    private const int RangeBytes = 333;

    /// <summary>More than this spoils retention and Kopia's maintenance, which compare times of different machines.</summary>
    private static readonly TimeSpan TolerableClockDifference = TimeSpan.FromMinutes(1);

    private readonly BlobName name = ScratchNames.New();
    private readonly byte[] content = RandomNumberGenerator.GetBytes(ContentBytes);
    private readonly List<StoreCheckStep> steps = [];
    private TimeSpan? clockDifference;

    /// <summary>Runs all steps; a failed one is in the report, and what builds on it is skipped.</summary>
    public async Task<StoreCheckReport> RunAsync(CancellationToken cancellationToken)
    {
        bool written = await StepAsync("put", PutAsync, cancellationToken);
        await StepIfAsync(written, "get", GetAsync, cancellationToken);
        await StepIfAsync(written, "range", GetRangeAsync, cancellationToken);
        await StepIfAsync(written, "list", ListAsync, cancellationToken);
        await StepIfAsync(written, "conditional put", PutIfAbsentAsync, cancellationToken);
        await StepIfAsync(written, "clock", CompareClocksAsync, cancellationToken);
        await StepIfAsync(written, "delete", DeleteAsync, cancellationToken);
        return new StoreCheckReport(store.DisplayName, [.. steps], clockDifference);
    }

    private async Task StepIfAsync(bool wanted, string step, Func<CancellationToken, Task<(StoreCheckOutcome Outcome, string Detail)>> run, CancellationToken cancellationToken)
    {
        if (wanted)
        {
            await StepAsync(step, run, cancellationToken);
        }
        else
        {
            steps.Add(new StoreCheckStep(step, StoreCheckOutcome.Skipped, "Nothing could be put.", TimeSpan.Zero));
        }
    }

    private async Task<bool> StepAsync(string step, Func<CancellationToken, Task<(StoreCheckOutcome Outcome, string Detail)>> run, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        (StoreCheckOutcome outcome, string detail) result;
        try
        {
            result = await run(cancellationToken);
        }
        catch (BackupException error)
        {
            result = (StoreCheckOutcome.Failed, $"{error.Message} {error.Remedy}");
        }

        steps.Add(new StoreCheckStep(step, result.outcome, result.detail, time.GetElapsedTime(started)));
        return result.outcome != StoreCheckOutcome.Failed;
    }

    private async Task<(StoreCheckOutcome, string)> PutAsync(CancellationToken cancellationToken)
    {
        await store.PutAsync(name, content, PutCondition.Always, cancellationToken);
        return (StoreCheckOutcome.Passed, $"{ContentBytes} bytes written to '{name}'.");
    }

    private async Task<(StoreCheckOutcome, string)> GetAsync(CancellationToken cancellationToken)
    {
        byte[] read = await ReadAsync(null, cancellationToken);
        return read.AsSpan().SequenceEqual(content)
            ? (StoreCheckOutcome.Passed, "The same bytes came back.")
            : (StoreCheckOutcome.Failed, "Other bytes came back than were written: the store, or a proxy before it, changes content.");
    }

    private async Task<(StoreCheckOutcome, string)> GetRangeAsync(CancellationToken cancellationToken)
    {
        byte[] read = await ReadAsync(new BlobRange(RangeOffset, RangeBytes), cancellationToken);
        return read.AsSpan().SequenceEqual(content.AsSpan(RangeOffset, RangeBytes))
            ? (StoreCheckOutcome.Passed, $"{RangeBytes} bytes from the middle came back.")
            : (StoreCheckOutcome.Failed, "A range of the blob was asked for and something else came: the store must serve byte ranges.");
    }

    private async Task<(StoreCheckOutcome, string)> ListAsync(CancellationToken cancellationToken)
    {
        BlobInfo? found = await store.ListAsync(name.ToString(), cancellationToken).FirstOrDefaultAsync(cancellationToken);
        return found is { LengthBytes: ContentBytes } && found.Name == name
            ? (StoreCheckOutcome.Passed, "The blob is listed with its length.")
            : (StoreCheckOutcome.Failed, "The blob just written is not listed: the store must list what was written at once.");
    }

    private async Task<(StoreCheckOutcome, string)> PutIfAbsentAsync(CancellationToken cancellationToken)
    {
        const string Fallback = "The store does not decide conditional writes: claims use candidates instead, which takes some seconds for each.";
        try
        {
            if (!store.SupportsConditionalPut || await store.PutAsync(name, new byte[1], PutCondition.IfAbsent, cancellationToken))
            {
                return (StoreCheckOutcome.Warning, Fallback);
            }
        }
        catch (BackupException error) when (error.Kind == ErrorKind.Unsupported)
        {
            return (StoreCheckOutcome.Warning, Fallback);
        }

        return (StoreCheckOutcome.Passed, "A second put of the same name was refused.");
    }

    private async Task<(StoreCheckOutcome, string)> CompareClocksAsync(CancellationToken cancellationToken)
    {
        await store.PutAsync(name, content, PutCondition.Always, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        BlobInfo? info = await store.TryGetInfoAsync(name, cancellationToken);
        if (info is null)
        {
            return (StoreCheckOutcome.Failed, "The blob just written is not there: the store must show what was written at once.");
        }

        TimeSpan difference = info.LastModified - now;
        clockDifference = difference;
        string detail = $"The store's clock differs by {difference.TotalSeconds:0.#} seconds from this machine's.";
        return difference.Duration() <= TolerableClockDifference
            ? (StoreCheckOutcome.Passed, detail)
            : (StoreCheckOutcome.Warning, detail + " Set both right: expiry and maintenance compare their times.");
    }

    private async Task<(StoreCheckOutcome, string)> DeleteAsync(CancellationToken cancellationToken)
    {
        await store.DeleteAsync(name, cancellationToken);
        return await store.TryGetInfoAsync(name, cancellationToken) is null
            ? (StoreCheckOutcome.Passed, "The blob is gone.")
            : (StoreCheckOutcome.Failed, "The blob is still there after its deletion: expired backups would never free space.");
    }

    /// <summary>Reads no more than was written, whatever the store sends.</summary>
    private async Task<byte[]> ReadAsync(BlobRange? range, CancellationToken cancellationToken)
    {
        await using Stream stream = await store.OpenReadAsync(name, range, cancellationToken);
        byte[] buffer = new byte[ContentBytes + 1];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }
}
