using BackupFunctions.App.Hosting.Timers;

namespace BackupFunctions.App.Hosting;

/// <summary>A function that runs by the clock.</summary>
internal sealed record TimerFunction(string Name, NCronTab Schedule, Func<TimerInfo, CancellationToken, Task> RunAsync);
