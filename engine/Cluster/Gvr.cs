namespace BackupFunctions.Engine.Cluster;

/// <summary>Group, version and plural resource name of a Kubernetes API type. The core group is "". <c>default</c> names nothing.</summary>
public readonly record struct Gvr(string Group, string Version, string Resource)
{
    /// <summary><c>resource.group</c>, or just <c>resource</c> for the core group: the name of the type in Velero's layout and filters.</summary>
    public string GroupResource => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    /// <summary><c>group/version</c>, or just the version for the core group, as in an object's <c>apiVersion</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public override string ToString() => $"{ApiVersion}/{Resource}";
}
