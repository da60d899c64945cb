namespace BackupFunctions.Engine.Cluster;

/// <summary>One type that the API server serves, as discovery tells it.</summary>
/// <param name="Gvr">Where it is served.</param>
/// <param name="Kind">Its kind, as in objects.</param>
/// <param name="Namespaced">Whether its objects live in a namespace.</param>
/// <param name="Verbs">What can be done with it (list, get, create, delete, patch …).</param>
/// <param name="SingularName">Singular name; may be "".</param>
/// <param name="ShortNames">Short names, as <c>po</c>.</param>
public sealed record ApiResource(
    Gvr Gvr, string Kind, bool Namespaced, IReadOnlyList<string> Verbs, string SingularName, IReadOnlyList<string> ShortNames)
{
    /// <summary>Whether its objects can be read, listed, created and deleted, so that a backup of them makes sense.</summary>
    public bool IsBackupable => Verbs.Contains("list") && Verbs.Contains("get") && Verbs.Contains("create") && Verbs.Contains("delete");
}
