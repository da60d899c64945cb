using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>The message that asks for a backup's deletion; it goes to <see cref="QueueName.Maintenance"/>.</summary>
public static class DeletionRequest
{
    /// <summary><see cref="WorkMessage.Run"/> of such messages.</summary>
    public const string Run = "delete-backup";

    public static WorkMessage Message(BackupName backup) => new() { Run = Run, Name = backup.ToString() };

    public static bool IsDeletion(WorkMessage message) => message.Run == Run;
}
