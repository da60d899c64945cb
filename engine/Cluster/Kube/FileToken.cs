using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>A token in a file that the cluster renews from time to time; read again after a minute, or when it was refused.</summary>
internal sealed class FileToken(string path, TimeProvider time) : ITokenSource
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new(); // guards _token and _readAt
    private string? _token;
    private long _readAt;

    public async Task<string?> GetAsync(bool refresh, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!refresh && _token is not null && time.GetElapsedTime(_readAt) < MaxAge)
            {
                return _token;
            }
        }

        string token;
        try
        {
            token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeApiException(ErrorKind.AccessDenied, 0, "TokenFile", $"The token file {path} cannot be read: {e.Message}", "Check the file and its permissions.", e);
        }

        lock (_gate)
        {
            (_token, _readAt) = (token, time.GetTimestamp());
        }

        return token;
    }
}
