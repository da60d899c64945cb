using BackupFunctions.Cli.Client;

namespace BackupFunctions.Cli.Progress;

/// <summary>A run as it was seen at one moment.</summary>
/// <param name="Items">Its items; empty when it is not under way (any more).</param>
/// <param name="End">What its object tells.</param>
internal sealed record RunState(IReadOnlyList<RunItem> Items, RunEnd End);
