using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Output;

/// <summary>Exit statuses of the command line; docs/cli.md tells them to users.</summary>
internal static class ExitStatus
{
    public const int Ok = 0;

    /// <summary>The run ended as PartiallyFailed or Failed, a check failed, or this program has a fault.</summary>
    public const int Failed = 1;

    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Conflict = 4;
    public const int Access = 5;
    public const int Unavailable = 6;
    public const int Corrupt = 7;

    /// <summary>Stopped by Ctrl-C: 128 and the signal's number.</summary>
    public const int Interrupted = 130;

    public static int Of(ErrorKind kind) => kind switch
    {
        ErrorKind.Internal or ErrorKind.Canceled => Failed,
        ErrorKind.InvalidInput => Usage,
        ErrorKind.NotFound => NotFound,
        ErrorKind.AlreadyExists or ErrorKind.Conflict => Conflict,
        ErrorKind.AccessDenied or ErrorKind.WrongPassword => Access,
        ErrorKind.Unavailable => Unavailable,
        ErrorKind.Corrupt or ErrorKind.Unsupported => Corrupt,
        _ => Failed,
    };
}
