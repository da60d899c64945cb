using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting;

/// <summary>A function that works messages off.</summary>
/// <param name="Name">Its name, as in <see cref="FunctionAttribute"/>.</param>
/// <param name="Queue">Where its messages lie.</param>
/// <param name="RunAsync">Does the work of one message; may be called again for the same one.</param>
/// <param name="OnPoisonAsync">Records that the message is given up, with the last reason.</param>
internal sealed record QueueFunction(
    string Name,
    QueueName Queue,
    Func<WorkMessage, CancellationToken, Task> RunAsync,
    Func<WorkMessage, string, CancellationToken, Task> OnPoisonAsync);
