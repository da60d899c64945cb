using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>The failures of a small API server, worded like those of a real one.</summary>
internal static class FolderError
{
    public static KubeApiException NotFound(string groupResource, string name) =>
        new(ErrorKind.NotFound, 404, "NotFound", $"{groupResource} \"{name}\" not found", "Check the name and the namespace.");

    public static KubeApiException TypeNotFound(Gvr type) =>
        new(ErrorKind.NotFound, 404, "NotFound", $"the server could not find the requested resource {type}", "Create its CustomResourceDefinition first.");

    public static KubeApiException AlreadyExists(string groupResource, string name) =>
        new(ErrorKind.AlreadyExists, 409, "AlreadyExists", $"{groupResource} \"{name}\" already exists", "Delete it first, or update it.");

    public static KubeApiException Conflict(string groupResource, string name) =>
        new(
            ErrorKind.Conflict,
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {groupResource} \"{name}\": the object has been modified",
            "Read the object again and repeat the change.");

    public static KubeApiException Invalid(string groupResource, string name, string problem) =>
        new(ErrorKind.InvalidInput, 422, "Invalid", $"{groupResource} \"{name}\" is invalid: {problem}", "Correct the object.");

    public static KubeApiException BadRequest(string problem) =>
        new(ErrorKind.InvalidInput, 400, "BadRequest", problem, "Correct the request.");
}
