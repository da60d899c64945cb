using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Work;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Claimed {Run} with {Items} items")]
    public static partial void RunClaimed(ILogger logger, RunId run, int items);

    [LoggerMessage(101, LogLevel.Information, "Started stage {Stage} of {Run}")]
    public static partial void StageStarted(ILogger logger, RunId run, int stage);

    [LoggerMessage(102, LogLevel.Information, "Started item {Item} of {Run}: {Kind} {Namespace} {Name}")]
    public static partial void ItemStarted(ILogger logger, RunId run, string item, string kind, string @namespace, string name);

    [LoggerMessage(103, LogLevel.Information, "Done item {Item} of {Run}: {Count} objects, {Errors} errors, {Warnings} warnings")]
    public static partial void ItemDone(ILogger logger, RunId run, string item, long count, int errors, int warnings);

    [LoggerMessage(104, LogLevel.Information, "Item {Item} of {Run} has another worker's result; dropped what was made here")]
    public static partial void ItemLostRace(ILogger logger, RunId run, string item);

    [LoggerMessage(105, LogLevel.Information, "Item {Item} of {Run} stopped: the run is cancelled")]
    public static partial void ItemCancelled(ILogger logger, RunId run, string item);

    [LoggerMessage(106, LogLevel.Information, "Item {Item} of {Run} is being done by another worker; dropped the message")]
    public static partial void ItemBusy(ILogger logger, RunId run, string item);

    [LoggerMessage(107, LogLevel.Warning, "Sent the message of item {Item} of {Run} again (time {Count}): nobody is working on it")]
    public static partial void ItemResent(ILogger logger, RunId run, string item, int count);

    [LoggerMessage(108, LogLevel.Information, "Finished {Run}")]
    public static partial void RunFinished(ILogger logger, RunId run);

    [LoggerMessage(109, LogLevel.Information, "A message on {Run}, item {Item}, found no plan: the run has ended")]
    public static partial void MessageWithoutPlan(ILogger logger, RunId run, string item);

    [LoggerMessage(110, LogLevel.Error, "Gave up on a message on {Run}, {Item}: {Error}")]
    public static partial void PoisonDropped(ILogger logger, RunId run, string item, string error);

    [LoggerMessage(111, LogLevel.Warning, "Could not look after {Run} in this sweep")]
    public static partial void SweepFailed(ILogger logger, RunId run, Exception error);

    [LoggerMessage(113, LogLevel.Error, "The result of item {Item} of {Run} cannot be read")]
    public static partial void ResultUnreadable(ILogger logger, RunId run, string item, Exception error);

    [LoggerMessage(114, LogLevel.Error, "{Run} cannot be published as a whole and ends as Failed")]
    public static partial void RunAbandoned(ILogger logger, RunId run, Exception error);

    [LoggerMessage(112, LogLevel.Warning, "Could not write the progress of item {Item} of {Run}")]
    public static partial void SignFailed(ILogger logger, RunId run, string item, Exception error);
}
