namespace BackupFunctions.Engine.Storage;

/// <summary>What a store check found.</summary>
/// <param name="Store">The store, for people.</param>
/// <param name="Steps">In the order they were tried.</param>
/// <param name="ClockDifference">The store's clock less this machine's; null when it could not be seen.</param>
public sealed record StoreCheckReport(string Store, IReadOnlyList<StoreCheckStep> Steps, TimeSpan? ClockDifference)
{
    /// <summary>Whether backups can be kept there. Warnings do not count.</summary>
    public bool IsUsable => Steps.All(step => step.Outcome is StoreCheckOutcome.Passed or StoreCheckOutcome.Warning);
}
