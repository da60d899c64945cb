using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Upkeep;

namespace BackupFunctions.App.Timers;

/// <summary>Every ten minutes: has expired backups deleted.</summary>
internal sealed class RetentionTickFunction(RetentionRunner retention)
{
    [Function("RetentionTick")]
    public Task RunAsync([TimerTrigger("30 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => retention.TickAsync(cancellationToken);
}
