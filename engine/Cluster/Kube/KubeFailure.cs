namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>One attempt that failed.</summary>
/// <param name="Exception">What is thrown when no further attempt is made.</param>
/// <param name="Retry">Whether, and for which calls, another attempt makes sense.</param>
/// <param name="RetryAfter">How long the server asks to wait, or null.</param>
/// <param name="FreshContinue">With 410: the token to go on with, or null to begin anew.</param>
internal sealed record KubeFailure(KubeApiException Exception, KubeRetry Retry, TimeSpan? RetryAfter = null, string? FreshContinue = null);

/// <summary>Which calls may be repeated after a failure.</summary>
internal enum KubeRetry
{
    /// <summary>None.</summary>
    Never,

    /// <summary>Reads: the server may have acted.</summary>
    Reads,

    /// <summary>All: the server refused before it acted.</summary>
    Always,

    /// <summary>All, for a short while: nothing listens there.</summary>
    Unreachable,
}
