namespace BackupFunctions.Engine.Cluster;

/// <summary>What the API server says of itself under /version.</summary>
public sealed record ClusterVersion(string Major, string Minor, string GitVersion);
