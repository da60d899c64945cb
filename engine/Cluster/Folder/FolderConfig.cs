using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>What <c>cluster.yaml</c> says; all of it may be missing.</summary>
/// <param name="Name">The cluster for people, or null.</param>
/// <param name="Version">What it says of itself.</param>
/// <param name="NfsServer">Server name in the volumes that it provisions.</param>
/// <param name="NfsPath">Export path in them, without a slash at its end.</param>
/// <param name="NfsFolder">Folder below the cluster's that holds what is exported.</param>
internal sealed record FolderConfig(string? Name, ClusterVersion Version, string NfsServer, string NfsPath, string NfsFolder)
{
    private static readonly ClusterVersion DefaultVersion = new("1", "30", "v1.30.0");

    /// <summary>Reads the file; its defaults when there is none.</summary>
    /// <exception cref="BackupException">InvalidInput: the file is malformed.</exception>
    public static FolderConfig Read(string root)
    {
        string path = Path.Combine(root, "cluster.yaml");
        JsonObject config = [];
        if (File.Exists(path))
        {
            config = YamlReader.Parse(File.ReadAllText(path)) switch
            {
                JsonObject read => read,
                null => config,
                _ => throw Invalid(path, "it is not a mapping"),
            };
        }

        JsonObject? version = config["version"] as JsonObject;
        JsonObject? nfs = config["nfs"] as JsonObject;
        string folder = Text(nfs, "folder") ?? "volumes";
        if (Path.IsPathRooted(folder) || folder.Split('/').Contains(".."))
        {
            throw Invalid(path, "nfs.folder must be a relative path below the cluster's folder");
        }

        return new FolderConfig(
            Text(config, "name"),
            new ClusterVersion(
                Text(version, "major") ?? DefaultVersion.Major,
                Text(version, "minor") ?? DefaultVersion.Minor,
                Text(version, "gitVersion") ?? DefaultVersion.GitVersion),
            Text(nfs, "server") ?? "nfs.local",
            (Text(nfs, "path") ?? "/export").TrimEnd('/'),
            folder);
    }

    private static string? Text(JsonObject? parent, string member) => parent?[member] is not JsonValue value
        ? null
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static BackupException Invalid(string path, string problem) =>
        new(ErrorKind.InvalidInput, $"{path} is not valid: {problem}.", "See the README of engine/Cluster for its form.");
}
