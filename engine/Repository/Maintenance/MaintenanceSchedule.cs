using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// The blob <c>kopia.maintenance</c>, decrypted: when maintenance is due and what ran (docs/repository-format.md, "Maintenance";
/// Kopia's repo/maintenance/maintenance_schedule.go, v0.23.1). Safety rules are computed from the runs, here and in Kopia. Tasks and
/// members that are not known here are kept as they are.
/// </summary>
internal sealed record MaintenanceSchedule
{
    public const string BlobId = "kopia.maintenance";

    /// <summary>Runs that are kept of each task.</summary>
    public const int MaxRuns = 50;

    [JsonPropertyName("nextFullMaintenance")]
    public string? NextFull { get; init; }

    [JsonPropertyName("nextQuickMaintenance")]
    public string? NextQuick { get; init; }

    [JsonPropertyName("runs")]
    public Dictionary<string, List<RecordedRun>>? Runs { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>The runs of a task, newest first as they are stored.</summary>
    public IReadOnlyList<RecordedRun> RunsOf(string task) => Runs?.GetValueOrDefault(task) ?? [];

    /// <summary>The end of the latest successful run of any of the tasks; null when there is none.</summary>
    public UnixNanos? LastSuccess(params ReadOnlySpan<string> tasks) => LastEnd(static run => run.IsSuccess, tasks);

    /// <summary>The same of runs that failed, too.</summary>
    public UnixNanos? LastAttempt(params ReadOnlySpan<string> tasks) => LastEnd(static _ => true, tasks);

    private UnixNanos? LastEnd(Func<RecordedRun, bool> counts, ReadOnlySpan<string> tasks)
    {
        UnixNanos? last = null;
        foreach (string task in tasks)
        {
            foreach (RecordedRun run in RunsOf(task))
            {
                last = counts(run) && (last is null || run.End > last) ? run.End : last;
            }
        }

        return last;
    }

    /// <summary>This schedule and one more run, in place of what was noted of it when it began.</summary>
    public MaintenanceSchedule With(string task, RecordedRun run)
    {
        Dictionary<string, List<RecordedRun>> runs = new(Runs ?? [], StringComparer.Ordinal)
        {
            [task] = [run, .. RunsOf(task).Where(other => other.StartText != run.StartText).Take(MaxRuns - 1)],
        };
        return this with { Runs = runs };
    }
}
