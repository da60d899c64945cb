namespace BackupFunctions.Cli.Client;

/// <summary>What was tried on a store.</summary>
/// <param name="Store">The store, for people.</param>
/// <param name="Checks">In the order they were made.</param>
internal sealed record StoreReport(string Store, IReadOnlyList<StoreCheck> Checks);

/// <summary>One thing that was tried.</summary>
/// <param name="Name">What.</param>
/// <param name="Ok">Whether it worked, well or with a warning.</param>
/// <param name="Detail">What was found, or what to do.</param>
/// <param name="Outcome">passed, warning, failed or skipped; null from one who only says whether.</param>
internal sealed record StoreCheck(string Name, bool Ok, string? Detail, string? Outcome = null);
