using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Maintenance of a repository (docs/invariants.md, M1 to M7). Who knows what refers to objects hands in how they are marked; for repositories of
/// snapshots that is <c>Snapshots.SnapshotMaintenance</c>, through which all others come.
/// </summary>
internal sealed class RepositoryMaintenance(KopiaRepository repository)
{
    private readonly ScheduleStore _schedules = new(repository.Store, repository.FormatBlobs, repository.Parameters);
    private readonly ParameterStore _parameters = new(repository);

    /// <summary>Runs what is due or asked for.</summary>
    /// <param name="markUsed">Marks all contents that are needed, or throws, and then nothing is deleted.</param>
    /// <exception cref="BackupException">Conflict: the owner is somebody else, or the clocks differ; and whatever a task failed with, which was recorded.</exception>
    public async Task<MaintenanceReport> RunAsync(
        MaintenanceOptions options, Func<UsedContents, CancellationToken, Task> markUsed, CancellationToken cancellationToken)
    {
        if (options.Validate() is { Count: > 0 } problems)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"the maintenance cannot run: {string.Join("; ", problems)}", "Correct the options.");
        }

        if (DamagedRepository.LeftOut(repository).Count > 0)
        {
            throw new BackupException(ErrorKind.Corrupt, "the repository has damaged index blobs, so nobody knows what is in it and nothing may be deleted", "Repair it first.");
        }

        await repository.RequireWritableAsync(cancellationToken);
        await repository.RefreshAsync(cancellationToken);
        string identity = options.Identity ?? $"{repository.Options.UserName}@{repository.Options.HostName}";
        MaintenanceParameters parameters = await _parameters.LoadAsync(cancellationToken);
        if (options.TakeOwnership && parameters.Owner != identity)
        {
            parameters = parameters with { Owner = identity };
            await _parameters.SaveAsync(parameters, cancellationToken);
        }

        // (M7) The owner is the only lock that there is.
        if (!options.Force && !string.IsNullOrEmpty(parameters.Owner) && parameters.Owner != identity)
        {
            throw new BackupException(
                ErrorKind.Conflict,
                $"the repository in {repository.Store.DisplayName} is maintained by {parameters.Owner}, not by {identity}",
                "Let that one do it, or take the ownership over, so that two never maintain it at once.");
        }

        MaintenanceMode mode = options.Mode == MaintenanceMode.Auto
            ? MaintenanceRules.Due(parameters, await _schedules.LoadAsync(cancellationToken), UnixNanos.From(repository.Time.GetUtcNow()))
            : options.Mode;
        return mode == MaintenanceMode.Auto
            ? new MaintenanceReport(mode, [])
            : await new MaintenanceRun(repository, _schedules, parameters, SafetyMargins.Of(options.Safety)).RunAsync(mode, markUsed, cancellationToken);
    }

    /// <summary>Who maintains the repository, when, and what was done of late.</summary>
    public async Task<MaintenanceStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        MaintenanceParameters parameters = await _parameters.LoadAsync(cancellationToken);
        MaintenanceSchedule schedule = await _schedules.LoadAsync(cancellationToken);
        return new MaintenanceStatus(
            string.IsNullOrEmpty(parameters.Owner) ? null : parameters.Owner,
            parameters.Quick.IsEnabled ? parameters.Quick.Interval : null,
            parameters.Full.IsEnabled ? parameters.Full.Interval : null,
            TimeOf(schedule.NextQuick),
            TimeOf(schedule.NextFull),
            (schedule.Runs ?? []).ToDictionary(
                static task => task.Key,
                static IReadOnlyList<MaintenanceTaskRun> (task) => [.. task.Value.Select(static run => new MaintenanceTaskRun(run.Start, run.End, run.IsSuccess, run.Error))],
                StringComparer.Ordinal));
    }

    private static UnixNanos? TimeOf(string? text) => text is null ? null : UnixNanos.Parse(text);
}
