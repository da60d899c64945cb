using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting;

/// <summary>How an exception is told to people.</summary>
internal static class Failures
{
    /// <summary>Message and remedy of what we raised ourselves; type and message of anything else.</summary>
    public static string Text(Exception e) =>
        e is BackupException { Message: var message, Remedy: var remedy } ? $"{message} {remedy}" : $"{e.GetType().Name}: {e.Message}";

    /// <summary>What is logged with its stack: a fault of this program, not of the outside.</summary>
    public static Exception? Unexpected(Exception e) => e is BackupException { Kind: not ErrorKind.Internal } ? null : e;
}
