using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Does what is due in the repository of one namespace.</summary>
internal sealed class MaintainRepositoryFunction(RepositoryMaintainer maintainer, ILogger<MaintainRepositoryFunction> logger) : IPoisonHandler
{
    [Function("MaintainRepository")]
    public async Task RunAsync([QueueTrigger("repository-maintenance")] WorkMessage message, CancellationToken cancellationToken)
    {
        if (await maintainer.HandleAsync(message, cancellationToken) is { WasDue: true } report)
        {
            Log.RepositoryMaintained(logger, message.Name, report.Mode, report.DeletedBlobs, report.FreedBytes);
            foreach (string problem in report.Tasks.SelectMany(static task => task.Problems))
            {
                Log.MaintenanceProblem(logger, message.Name, problem);
            }
        }
    }

    /// <summary>Nothing to record: the repository's own schedule says what failed, and the next tick asks again.</summary>
    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
