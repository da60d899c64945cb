using System.Text;
using System.Text.RegularExpressions;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>Which names a cluster in a folder takes: those of a real API server that are also safe as file names.</summary>
internal static partial class FolderNames
{
    /// <summary>What file systems take (255 bytes), less the extension.</summary>
    private const int MaxNameBytes = 250;

    /// <exception cref="KubeApiException">InvalidInput: the type's name could leave the folder.</exception>
    public static void CheckType(Gvr type)
    {
        if (!LabelPattern().IsMatch(type.Resource) || (type.Group.Length > 0 && !SubdomainPattern().IsMatch(type.Group)))
        {
            throw FolderError.BadRequest($"'{type.GroupResource}' is not the name of a type");
        }
    }

    /// <exception cref="KubeApiException">InvalidInput: no name of a namespace.</exception>
    public static void CheckNamespace(string ns)
    {
        if (ns.Length > 63 || !LabelPattern().IsMatch(ns))
        {
            throw FolderError.Invalid("namespaces", ns, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'");
        }
    }

    /// <exception cref="KubeApiException">InvalidInput: no name of an object of this type.</exception>
    public static void CheckName(Gvr type, string name)
    {
        if (name.Length == 0 || name[0] == '.' || name.AsSpan().IndexOfAny("/%\\") >= 0 || name.Any(char.IsControl) || Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            throw FolderError.Invalid(type.GroupResource, name, $"metadata.name must be at most {MaxNameBytes} bytes, not begin with '.' and hold no '/', '\\' or '%'");
        }

        // Roles and their bindings may hold colons and capitals, as system:node.
        if (type.Group != "rbac.authorization.k8s.io" && !SubdomainPattern().IsMatch(name))
        {
            throw FolderError.Invalid(
                type.GroupResource, name, "metadata.name: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();
}
