namespace BackupFunctions.Engine.Storage;

/// <summary>How one step of a store check went.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Outcome">Whether it worked.</param>
/// <param name="Detail">What was seen; for a failure with what to do.</param>
/// <param name="Duration">How long it took.</param>
public sealed record StoreCheckStep(string Name, StoreCheckOutcome Outcome, string Detail, TimeSpan Duration);
