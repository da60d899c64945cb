using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>The message that asks for what is due in the repository of one namespace; it goes to <see cref="QueueName.RepositoryMaintenance"/>.</summary>
public static class MaintenanceRequest
{
    /// <summary><see cref="WorkMessage.Run"/> of such messages.</summary>
    public const string Run = "maintain-repository";

    public static WorkMessage Message(string volumeNamespace) => new() { Run = Run, Name = volumeNamespace };

    public static bool IsMaintenance(WorkMessage message) => message.Run == Run;
}
