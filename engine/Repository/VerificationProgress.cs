namespace BackupFunctions.Engine.Repository;

/// <summary>How far a verification is.</summary>
/// <param name="Step">What is being done, for people.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is; null when it is not known yet.</param>
/// <param name="DamageCount">Damage found so far.</param>
public sealed record VerificationProgress(string Step, long Done, long? Total, long DamageCount);
