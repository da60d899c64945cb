using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Parts of requests.</summary>
internal static class Requests
{
    /// <summary>The name in the route, as it came; who uses it checks it.</summary>
    public static string Name(HttpRequest request) => request.RouteValues["name"] as string ?? "";

    /// <exception cref="BackupException">InvalidInput: neither true nor false.</exception>
    public static bool Flag(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "" => request.Query.ContainsKey(name),
        "true" => true,
        "false" => false,
        var other => throw new BackupException(ErrorKind.InvalidInput, $"The query parameter {name} is '{other}'.", "Give true or false."),
    };

    /// <exception cref="BackupException">InvalidInput: the body is an object of another kind.</exception>
    public static void CheckKind(string apiVersion, string kind, string expected)
    {
        if (kind != expected || apiVersion != Engine.Catalog.VeleroNames.ApiVersion)
        {
            throw new BackupException(
                ErrorKind.InvalidInput, $"The body is a {kind} of {apiVersion}.", $"Send a {expected} of {Engine.Catalog.VeleroNames.ApiVersion}, or leave kind and apiVersion out.");
        }
    }
}
