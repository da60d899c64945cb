using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>The addresses of types and objects below the server's.</summary>
internal static class KubePath
{
    public static string Of(ApiResource resource, string? ns, string? name)
    {
        Gvr type = resource.Gvr;
        string path = type.Group.Length == 0 ? $"api/{Escaped(resource, type.Version)}" : $"apis/{Escaped(resource, type.Group)}/{Escaped(resource, type.Version)}";
        path += ns is null ? "" : $"/namespaces/{Escaped(resource, ns)}";
        return $"{path}/{Escaped(resource, type.Resource)}" + (name is null ? "" : $"/{Escaped(resource, name)}");
    }

    public static string Describe(string verb, ApiResource resource, string? ns, string? name) =>
        $"{verb} {resource.Gvr.GroupResource}" + (name is null ? "" : $" \"{name}\"") + (ns is null ? "" : $" in namespace \"{ns}\"");

    /// <summary>Only names that can stand for one part of an address: no server takes others, and '..' would name something else.</summary>
    /// <exception cref="KubeApiException">InvalidInput.</exception>
    public static void CheckName(ApiResource resource, string name)
    {
        if (name is "" or "." or ".." || name.AsSpan().IndexOfAny('/', '%') >= 0)
        {
            throw new KubeApiException(
                ErrorKind.InvalidInput, 422, "Invalid", $"{resource.Gvr.GroupResource} \"{name}\" is invalid: a name may not be empty, '.' or '..', nor hold '/' or '%'", "Correct the name.");
        }
    }

    private static string Escaped(ApiResource resource, string part)
    {
        CheckName(resource, part);
        return Uri.EscapeDataString(part);
    }
}
