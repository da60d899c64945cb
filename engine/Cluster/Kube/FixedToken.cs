namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>A token that never changes, or none.</summary>
internal sealed class FixedToken(string? token) : ITokenSource
{
    public Task<string?> GetAsync(bool refresh, CancellationToken cancellationToken) => Task.FromResult(token);
}
