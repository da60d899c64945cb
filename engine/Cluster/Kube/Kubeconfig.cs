using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>Reads kubeconfig files as kubectl does, as far as one file goes.</summary>
internal static class Kubeconfig
{
    public static KubeConnection Read(string yaml, string? context, string baseDirectory)
    {
        JsonObject config = YamlReader.Parse(yaml) as JsonObject ?? throw Invalid("it is not a mapping");
        string contextName = context ?? Text(config, "current-context") ?? throw Invalid("it has no current-context and no context was named");
        JsonObject chosen = Entry(config, "contexts", "context", contextName);
        string clusterName = Text(chosen, "cluster") ?? throw Invalid($"context '{contextName}' names no cluster");
        JsonObject cluster = Entry(config, "clusters", "cluster", clusterName);
        JsonObject user = Text(chosen, "user") is { } userName ? Entry(config, "users", "user", userName) : [];
        RefuseUnsupported(user);
        string? certificate = Pem(user, "client-certificate", baseDirectory);
        string? key = Pem(user, "client-key", baseDirectory);
        if (certificate is null != key is null)
        {
            throw Invalid("client-certificate and client-key must be given together");
        }

        return new KubeConnection(ServerOf(cluster, clusterName))
        {
            Namespace = Text(chosen, "namespace"),
            CertificateAuthorityPem = Pem(cluster, "certificate-authority", baseDirectory),
            SkipsTlsVerification = Flag(cluster, "insecure-skip-tls-verify"),
            TlsServerName = Text(cluster, "tls-server-name"),
            Proxy = ProxyOf(cluster),
            ClientCertificatePem = certificate,
            ClientKeyPem = key,
            Token = Text(user, "token"),
            TokenFile = Text(user, "tokenFile") is { } file ? Path.Combine(baseDirectory, file) : null,
            Exec = user["exec"] is JsonObject exec ? ReadExec(exec, baseDirectory) : null,
        };
    }

    private static void RefuseUnsupported(JsonObject user)
    {
        if (user["username"] is not null || user["password"] is not null)
        {
            throw Unsupported("user name and password (basic authentication)");
        }

        if (user["auth-provider"] is not null)
        {
            throw Unsupported("auth-provider, which Kubernetes itself has removed");
        }

        if (user["as"] is not null || user["as-groups"] is not null || user["as-uid"] is not null || user["as-user-extra"] is not null)
        {
            throw Unsupported("impersonation (as, as-groups)");
        }
    }

    private static ExecPlugin ReadExec(JsonObject exec, string baseDirectory)
    {
        string command = Text(exec, "command") ?? throw Invalid("exec names no command");
        string version = Text(exec, "apiVersion") ?? "";
        if (!version.StartsWith("client.authentication.k8s.io/", StringComparison.Ordinal))
        {
            throw Invalid($"exec has the apiVersion '{version}' instead of client.authentication.k8s.io/v1");
        }

        if (Text(exec, "interactiveMode") == "Always")
        {
            throw Unsupported("exec with interactiveMode Always, as nobody is there to answer");
        }

        // As in kubectl: a command with a slash is a path from the kubeconfig's folder, one without is looked up on the path.
        string program = command.Contains('/', StringComparison.Ordinal) ? Path.Combine(baseDirectory, command) : command;
        string[] arguments = [.. (exec["args"] as JsonArray ?? []).Select(argument => argument?.ToString() ?? "")];
        (string, string)[] environment =
            [.. (exec["env"] as JsonArray ?? []).OfType<JsonObject>().Select(pair => (Text(pair, "name") ?? "", Text(pair, "value") ?? "")).Where(pair => pair.Item1.Length > 0)];
        return new ExecPlugin(program, arguments, environment, version);
    }

    private static Uri ServerOf(JsonObject cluster, string name)
    {
        string text = Text(cluster, "server") ?? throw Invalid($"cluster '{name}' has no server");
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out Uri? server)
            || server.Scheme is not ("https" or "http") || server.UserInfo.Length > 0)
        {
            throw Invalid($"the server of cluster '{name}' is no http or https address without user name");
        }

        return server;
    }

    private static Uri? ProxyOf(JsonObject cluster)
    {
        if (Text(cluster, "proxy-url") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw Invalid("proxy-url is no http, https or socks5 address");
    }

    private static string? Pem(JsonObject parent, string member, string baseDirectory)
    {
        if (Text(parent, member + "-data") is { } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException e)
            {
                throw new BackupException(ErrorKind.InvalidInput, $"The kubeconfig is not valid: {member}-data is not base64.", "Correct the kubeconfig.", e);
            }
        }

        if (Text(parent, member) is not { Length: > 0 } file)
        {
            return null;
        }

        string path = Path.Combine(baseDirectory, file);
        return File.Exists(path)
            ? File.ReadAllText(path)
            : throw new BackupException(ErrorKind.NotFound, $"The file {path}, named by {member} in the kubeconfig, does not exist.", "Correct the path.");
    }

    private static JsonObject Entry(JsonObject config, string list, string member, string name)
    {
        JsonObject? entry = (config[list] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(candidate => Text(candidate, "name") == name);
        return entry is null
            ? throw new BackupException(ErrorKind.NotFound, $"The kubeconfig has no {member} '{name}'.", $"Name one that is listed under {list}.")
            : entry[member] as JsonObject ?? [];
    }

    private static bool Flag(JsonObject parent, string member) => parent[member] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static string? Text(JsonObject parent, string member) =>
        parent[member] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    private static BackupException Invalid(string problem) =>
        new(ErrorKind.InvalidInput, $"The kubeconfig is not valid: {problem}.", "Correct the kubeconfig.");

    private static BackupException Unsupported(string what) =>
        new(ErrorKind.Unsupported, $"The kubeconfig asks for {what}, which is not supported.", "Use a token, a client certificate or an exec plugin that prints a token.");
}
