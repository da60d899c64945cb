namespace BackupFunctions.Engine.Errors;

/// <summary>What sort of failure it was: decides the exit status of the command line, the HTTP code and whether a message is tried again.</summary>
public enum ErrorKind
{
    /// <summary>A fault of this program.</summary>
    Internal,

    /// <summary>What was asked for is malformed or contradicts itself; asking again the same way fails again.</summary>
    InvalidInput,

    /// <summary>The named thing is not there.</summary>
    NotFound,

    /// <summary>The named thing is there already.</summary>
    AlreadyExists,

    /// <summary>Somebody else changed or holds the thing at the same time.</summary>
    Conflict,

    /// <summary>Credentials are missing, wrong, or may not do this.</summary>
    AccessDenied,

    /// <summary>The password does not open the repository.</summary>
    WrongPassword,

    /// <summary>The other side did not answer or is not able to now; a later try may succeed.</summary>
    Unavailable,

    /// <summary>Stored data is damaged or not what its format demands.</summary>
    Corrupt,

    /// <summary>A feature of a format or server that this program does not have.</summary>
    Unsupported,

    /// <summary>The operation was cancelled by its owner.</summary>
    Canceled,
}
