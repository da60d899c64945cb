namespace BackupFunctions.App.Hosting;

/// <summary>Everything that the hosting tells. Event ids are stable: 1xx queues, 2xx timers, 3xx HTTP, 4xx the process.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Taking messages from {Queues} for {Functions}.")]
    public static partial void PumpsStart(ILogger logger, string queues, string functions);

    [LoggerMessage(101, LogLevel.Warning, "The queues at {Queues} do not answer; trying again until they do. {Reason}")]
    public static partial void QueueFailing(ILogger logger, string queues, string reason);

    [LoggerMessage(102, LogLevel.Information, "The queues at {Queues} answer again.")]
    public static partial void QueueAnswersAgain(ILogger logger, string queues);

    [LoggerMessage(103, LogLevel.Information, "{Function} starts: {Run} {RunName}, item {Item}, attempt {Attempt}.")]
    public static partial void FunctionStarts(ILogger logger, string function, string run, string runName, string? item, int attempt);

    [LoggerMessage(104, LogLevel.Information, "{Function} ends: {Run} {RunName}, item {Item}, {Milliseconds} ms.")]
    public static partial void FunctionEnds(ILogger logger, string function, string run, string runName, string? item, long milliseconds);

    [LoggerMessage(105, LogLevel.Error, "{Function} failed: {Run} {RunName}, item {Item}, attempt {Attempt} of {Attempts}. {Reason}")]
    public static partial void FunctionFailed(ILogger logger, string function, string run, string runName, string? item, int attempt, int attempts, string reason, Exception? exception);

    [LoggerMessage(106, LogLevel.Error, "Given up and moved to {Queue}-poison: {Run} {RunName}, item {Item}. {Reason}")]
    public static partial void MovedToPoison(ILogger logger, string queue, string run, string runName, string? item, string reason);

    [LoggerMessage(107, LogLevel.Error, "The failure of {Run} {RunName}, item {Item} (queue {Queue}) could not be recorded; it is tried again. {Reason}")]
    public static partial void PoisonNotRecorded(ILogger logger, string queue, string run, string runName, string? item, string reason);

    [LoggerMessage(108, LogLevel.Error, "Message {Message} of queue {Queue} cannot be read and was moved to {Queue}-poison: {Problem}.")]
    public static partial void UnreadableMessage(ILogger logger, string queue, string message, string problem);

    [LoggerMessage(109, LogLevel.Warning, "The lease of message {Message} of queue {Queue} is lost; its work is cancelled. {Reason}")]
    public static partial void LeaseLost(ILogger logger, string queue, string message, string reason);

    [LoggerMessage(110, LogLevel.Warning, "Queue {Queue} forgot message {Message} while it was held here; its work goes on.")]
    public static partial void MessageForgotten(ILogger logger, string queue, string message);

    [LoggerMessage(111, LogLevel.Debug, "The lease of message {Message} of queue {Queue} could not be renewed yet. {Reason}")]
    public static partial void RenewalFailed(ILogger logger, string queue, string message, string reason);

    [LoggerMessage(112, LogLevel.Warning, "Message {Message} of queue {Queue} was left as it is and comes again when its lease ends. {Reason}")]
    public static partial void MessageLeft(ILogger logger, string queue, string message, string reason);

    [LoggerMessage(113, LogLevel.Information, "Message {Message} of queue {Queue} was handed over to other workers.")]
    public static partial void HandedOver(ILogger logger, string queue, string message);

    [LoggerMessage(114, LogLevel.Debug, "Message {Message} of queue {Queue} was not ours any more when its work was done.")]
    public static partial void DeletedByOthers(ILogger logger, string queue, string message);

    [LoggerMessage(115, LogLevel.Information, "Stopping: {Count} messages are in work and have {Grace} to end.")]
    public static partial void WaitingForWork(ILogger logger, int count, TimeSpan grace);

    [LoggerMessage(200, LogLevel.Error, "{Function} failed; it runs again at {Next:O}. {Reason}")]
    public static partial void TimerFailed(ILogger logger, string function, DateTimeOffset next, string reason, Exception? exception);

    [LoggerMessage(201, LogLevel.Debug, "{Function} ran in {Milliseconds} ms.")]
    public static partial void TimerRan(ILogger logger, string function, long milliseconds);

    [LoggerMessage(300, LogLevel.Error, "{Method} {Path} failed. {Reason}")]
    public static partial void RequestFailed(ILogger logger, string method, string path, string reason, Exception? exception);

    [LoggerMessage(301, LogLevel.Warning, "{Method} {Path} from {Address} was refused: {Reason}.")]
    public static partial void RequestRefused(ILogger logger, string method, string path, string address, string reason);

    [LoggerMessage(302, LogLevel.Information, "Serving HTTP on {Urls}.")]
    public static partial void Serving(ILogger logger, string urls);

    [LoggerMessage(303, LogLevel.Information, "No API key is configured; one was made and written to {Path}.")]
    public static partial void KeyMade(ILogger logger, string path);

    [LoggerMessage(304, LogLevel.Information, "API keys are read from {Path}.")]
    public static partial void KeysRead(ILogger logger, string path);

    [LoggerMessage(400, LogLevel.Information, "{Setting}: {Value}")]
    public static partial void SettingInUse(ILogger logger, string setting, string value);

    [LoggerMessage(401, LogLevel.Warning, "The repository password is Velero's well-known default; set REPOSITORY_PASSWORD or REPOSITORY_PASSWORD_FILE for a new bucket.")]
    public static partial void DefaultPassword(ILogger logger);
}
