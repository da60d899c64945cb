using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Upkeep;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>The schedules of a store. A function app on it runs them; here they can be changed, and run by hand.</summary>
/// <param name="schedules">Keeps them.</param>
/// <param name="ticker">Runs them.</param>
internal sealed class DirectSchedules(ScheduleStore schedules, Func<ScheduleTicker> ticker) : IScheduleClient
{
    public async IAsyncEnumerable<VeleroSchedule> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ScheduleEntry entry in await schedules.ListAsync(cancellationToken))
        {
            yield return entry.Schedule ?? new VeleroSchedule
            {
                Metadata = new ObjectMetadata { Name = entry.Name, Namespace = VeleroNames.DefaultNamespace },
                Status = new ScheduleStatus { Phase = "FailedValidation", ValidationErrors = [entry.Problem?.Message ?? "it cannot be read"] },
            };
        }
    }

    public async Task<VeleroSchedule> GetAsync(string name, CancellationToken cancellationToken)
    {
        ScheduleEntry entry = await schedules.GetAsync(name, cancellationToken);
        return entry.Schedule ?? throw entry.Problem ?? new BackupException(ErrorKind.Corrupt, $"The schedule {name} cannot be read.", "Delete it, and create it anew.");
    }

    public Task<VeleroSchedule> CreateAsync(VeleroSchedule value, CancellationToken cancellationToken) => schedules.CreateAsync(value, cancellationToken);

    public async Task<string> DescribeAsync(string name, bool details, CancellationToken cancellationToken)
    {
        using StringWriter text = new() { NewLine = "\n" };
        ScheduleDescription.Write(text, await GetAsync(name, cancellationToken));
        return text.ToString();
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => schedules.DeleteAsync(name, cancellationToken);

    public Task PauseAsync(string name, CancellationToken cancellationToken) => schedules.PauseAsync(name, cancellationToken);

    public Task UnpauseAsync(string name, bool skipImmediately, CancellationToken cancellationToken) => schedules.UnpauseAsync(name, skipImmediately, cancellationToken);

    public Task<VeleroBackup> RunAsync(string name, CancellationToken cancellationToken) => ticker().RunNowAsync(name, cancellationToken);
}
