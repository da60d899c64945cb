namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>A program that prints credentials (client-go's exec plugins).</summary>
/// <param name="Command">Program: a name on the path, or a full path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables added to the process's own.</param>
/// <param name="ApiVersion">client.authentication.k8s.io/…</param>
internal sealed record ExecPlugin(string Command, IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Environment, string ApiVersion)
{
    /// <summary>Arguments and variables may hold secrets.</summary>
    public override string ToString() => Command;
}
