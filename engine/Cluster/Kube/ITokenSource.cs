namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>Gives the bearer token of the next request.</summary>
internal interface ITokenSource
{
    /// <summary>The token, or null when requests carry none.</summary>
    /// <param name="refresh">Whether the last one was refused, so that nothing remembered counts.</param>
    /// <param name="cancellationToken">Cancels reading or running.</param>
    Task<string?> GetAsync(bool refresh, CancellationToken cancellationToken);
}
