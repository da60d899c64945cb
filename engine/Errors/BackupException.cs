namespace BackupFunctions.Engine.Errors;

/// <summary>
/// A failure that the outside caused or has to mend. The message says what failed, on which thing and with which value;
/// <see cref="Remedy"/> says what to do next. Neither ever holds a secret or stored bytes.
/// </summary>
public class BackupException(ErrorKind kind, string message, string remedy, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What sort of failure this is.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>One sentence: what the reader can do about it.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>Whether the same call may succeed a little later without anybody doing anything.</summary>
    public virtual bool IsTransient => Kind is ErrorKind.Unavailable;
}
