namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>Limits of the client for API servers.</summary>
internal sealed record KubeOptions
{
    /// <summary>Objects per page of a list; default 500, as kubectl and Velero have it.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Requests under way at once (until their answer begins); default 16.</summary>
    public int MaxConcurrency { get; init; } = 16;

    /// <summary>Until an answer begins, and between two pieces of it; default 60 s, the server's own limit for a request.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one call is tried again; default 30 s.</summary>
    public TimeSpan RetryLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same while nothing listens at the address: a wrong address should be told soon; default 5 s.</summary>
    public TimeSpan UnreachableRetryLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First delay between attempts, doubled each time; default 200 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest delay, unless the server asks for a longer one; default 5 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);
}
