using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Timers;

/// <summary>Each hour, if the app maintains repositories: asks for what is due in each of them.</summary>
internal sealed class MaintenanceTickFunction(RepositoryMaintainer maintainer, IWorkQueue queue, bool isOn)
{
    [Function("MaintenanceTick")]
    public async Task RunAsync([TimerTrigger("30 37 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        if (!isOn)
        {
            return;
        }

        await foreach (string ns in maintainer.ListAsync(cancellationToken))
        {
            await queue.SendAsync(QueueName.RepositoryMaintenance, MaintenanceRequest.Message(ns), cancellationToken);
        }
    }
}
