using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting;

/// <summary>A class with a queue function also says what becomes of a message that is given up.</summary>
public interface IPoisonHandler
{
    /// <summary>Records the failure where the run is kept. When it throws, the message is kept and tried again.</summary>
    Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken);
}
