using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>
/// The object files of a cluster in a folder. Reading needs no lock: a file is replaced as a whole by a rename. Callers that write
/// hold the <see cref="FolderLock"/> and have checked names with <see cref="FolderNames"/>.
/// </summary>
internal sealed class FolderFiles(string root)
{
    private const string ClusterScope = "_cluster";
    private const string CounterFile = ".resource-version";

    /// <summary>Larger than what a real API server stores (1.5 MiB), with room for YAML's spelling.</summary>
    private const long MaxFileBytes = 16 * 1024 * 1024;

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    private readonly string _objects = Path.Combine(root, "objects");

    /// <summary>The namespaces that hold objects of the type, in ordinal order.</summary>
    public IReadOnlyList<string> NamespacesOf(string groupResource)
    {
        string folder = Path.Combine(_objects, groupResource);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => name[0] is not ('.' or '_')).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>The types of which there is or was an object, in ordinal order.</summary>
    public IReadOnlyList<string> GroupResources() => Directory.Exists(_objects)
        ? [.. Directory.EnumerateDirectories(_objects).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The names of the objects of a type in a namespace (null: cluster scope), in ordinal order.</summary>
    public IReadOnlyList<string> NamesOf(string groupResource, string? ns)
    {
        string folder = FolderOf(groupResource, ns);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return [.. Directory.EnumerateFiles(folder)
            .Select(path => Path.GetFileName(path))
            .Where(file => file[0] != '.' && Extensions.Contains(Path.GetExtension(file)))
            .Select(Path.GetFileNameWithoutExtension)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)];
    }

    public bool Exists(string groupResource, string? ns, string name) => PathOf(groupResource, ns, name) is not null;

    /// <summary>Reads an object as it lies in its file, identity filled in where the file has none; null when there is none.</summary>
    /// <exception cref="BackupException">Corrupt: the file holds something else.</exception>
    public async Task<JsonObject?> TryReadAsync(string groupResource, string? ns, string name, CancellationToken cancellationToken)
    {
        if (PathOf(groupResource, ns, name) is not { } path)
        {
            return null;
        }

        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                throw Corrupt(path, $"it is larger than {MaxFileBytes} bytes", null);
            }

            string text = await File.ReadAllTextAsync(path, cancellationToken);
            JsonObject value = YamlReader.Parse(text) as JsonObject ?? throw Corrupt(path, "it holds no object", null);
            Identify(value, path, groupResource, ns, name);
            return value;
        }
        catch (FileNotFoundException)
        {
            return null; // deleted since it was listed
        }
        catch (BackupException e) when (e.Kind == ErrorKind.InvalidInput)
        {
            throw Corrupt(path, e.Message, e);
        }
    }

    /// <summary>Writes the object with the next resource version, in the spelling (YAML or JSON) its file has already.</summary>
    public async Task WriteAsync(string groupResource, string? ns, string name, JsonObject value, TimeProvider time, CancellationToken cancellationToken)
    {
        string folder = FolderOf(groupResource, ns);
        Directory.CreateDirectory(folder);
        string path = PathOf(groupResource, ns, name) ?? Path.Combine(folder, name + Extensions[0]);
        ((JsonObject)value["metadata"]!)["resourceVersion"] = await NextResourceVersionAsync(time, cancellationToken); // every caller has metadata
        string text = path.EndsWith(".json", StringComparison.Ordinal)
            ? value.ToJsonString(ClusterJson.Indented) + "\n"
            : YamlWriter.Write(value);
        await ReplaceAsync(path, text, cancellationToken);
    }

    public void Delete(string groupResource, string? ns, string name)
    {
        while (PathOf(groupResource, ns, name) is { } path)
        {
            File.Delete(path);
        }
    }

    private static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}.tmp"); // an object's file has a folder
        try
        {
            await File.WriteAllTextAsync(temporary, text, cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Grows with every write, and with the clock, so that it also grows when the counter's file was lost.</summary>
    private async Task<string> NextResourceVersionAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        string path = Path.Combine(root, CounterFile);
        string last = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "";
        long next = Math.Max(long.TryParse(last, out long parsed) ? parsed + 1 : 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        string text = next.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await ReplaceAsync(path, text, cancellationToken);
        return text;
    }

    private string FolderOf(string groupResource, string? ns) => Path.Combine(_objects, groupResource, ns ?? ClusterScope);

    private string? PathOf(string groupResource, string? ns, string name)
    {
        string stem = Path.Combine(FolderOf(groupResource, ns), name);
        return Extensions.Select(extension => stem + extension).FirstOrDefault(File.Exists);
    }

    private static void Identify(JsonObject value, string path, string groupResource, string? ns, string name)
    {
        if (value["metadata"] is not JsonObject metadata || value["kind"] is null || value["apiVersion"] is null)
        {
            throw Corrupt(path, "it lacks apiVersion, kind or metadata", null);
        }

        string found = TextOf(metadata, "name") ?? "";
        string? foundNamespace = TextOf(metadata, "namespace");
        if (found != name || (foundNamespace is not null && foundNamespace != ns))
        {
            throw Corrupt(path, $"it holds '{foundNamespace}/{found}' instead of '{ns}/{name}'", null);
        }

        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        metadata.TryAdd("uid", UidFrom($"{groupResource}/{ns}/{name}"));
        metadata.TryAdd("resourceVersion", "1");
        if (metadata["creationTimestamp"] is null)
        {
            metadata["creationTimestamp"] = ClusterJson.Time(new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero));
        }
    }

    private static string UidFrom(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();

    private static string? TextOf(JsonObject parent, string member) =>
        parent[member]?.GetValueKind() == JsonValueKind.String ? parent[member]!.GetValue<string>() : null; // not null: it has a kind

    private static BackupException Corrupt(string path, string problem, Exception? inner) =>
        new(ErrorKind.Corrupt, $"The object file {path} cannot be read: {problem}.", "Correct or remove the file.", inner);
}
