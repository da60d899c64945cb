using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster;

/// <summary>The API server answered with a failure. <see cref="Reason"/> is the Status object's, as <c>AlreadyExists</c>.</summary>
public sealed class KubeApiException(ErrorKind kind, int statusCode, string reason, string message, string remedy, Exception? inner = null)
    : BackupException(kind, message, remedy, inner)
{
    /// <summary>HTTP status, or 0 when no answer came.</summary>
    public int StatusCode { get; } = statusCode;

    public string Reason { get; } = reason;
}
