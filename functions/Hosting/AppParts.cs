using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.App.Hosting.Settings;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting;

/// <summary>What functions are made of.</summary>
/// <param name="Settings">All settings.</param>
/// <param name="Messages">The queues, for looking after them.</param>
/// <param name="WorkQueue">The queues, for sending.</param>
/// <param name="Loggers">Makes loggers.</param>
/// <param name="Time">The clock.</param>
internal sealed record AppParts(AppSettings Settings, IMessageQueue Messages, IWorkQueue WorkQueue, ILoggerFactory Loggers, TimeProvider Time);
