namespace BackupFunctions.App.Hosting;

/// <summary>What a timer function is told.</summary>
/// <param name="Due">The moment that it runs for.</param>
public sealed record TimerInfo(DateTimeOffset Due);
