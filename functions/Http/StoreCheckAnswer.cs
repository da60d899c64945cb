using BackupFunctions.Engine.Storage;

namespace BackupFunctions.App.Http;

/// <summary>A store check for programs.</summary>
internal sealed record StoreCheckAnswer(string Store, bool Ok, IReadOnlyList<StoreCheckAnswer.Check> Checks)
{
    public static StoreCheckAnswer Of(StoreCheckReport report) => new(
        report.Store,
        report.IsUsable,
        [.. report.Steps.Select(step => new Check(step.Name, step.Outcome is StoreCheckOutcome.Passed or StoreCheckOutcome.Warning, NameOf(step.Outcome), step.Detail, (long)step.Duration.TotalMilliseconds))]);

    private static string NameOf(StoreCheckOutcome outcome) => outcome switch
    {
        StoreCheckOutcome.Passed => "passed",
        StoreCheckOutcome.Warning => "warning",
        StoreCheckOutcome.Failed => "failed",
        _ => "skipped",
    };

    /// <summary>One step of it.</summary>
    internal sealed record Check(string Name, bool Ok, string Outcome, string Detail, long Milliseconds);
}
