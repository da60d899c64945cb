using BackupFunctions.Engine.Cluster.Kube;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster;

/// <summary>Where an API server is and how one proves who one is. Holds secrets; its text does not.</summary>
public sealed class KubeConnection
{
    internal KubeConnection(Uri server) => Server = server;

    /// <summary>Address of the API server; may have a path, never user or password.</summary>
    public Uri Server { get; }

    /// <summary>The namespace that the context or service account names, or null.</summary>
    public string? Namespace { get; internal init; }

    /// <summary>PEM of the authorities that may sign the server's certificate; null trusts the system's.</summary>
    internal string? CertificateAuthorityPem { get; init; }

    internal bool SkipsTlsVerification { get; init; }

    /// <summary>The name that the server's certificate must have, when it is not the address's host.</summary>
    internal string? TlsServerName { get; init; }

    internal Uri? Proxy { get; init; }

    internal string? ClientCertificatePem { get; init; }

    internal string? ClientKeyPem { get; init; }

    internal string? Token { get; init; }

    /// <summary>Beats <see cref="Token"/>; read again and again, as the cluster renews it.</summary>
    internal string? TokenFile { get; init; }

    internal ExecPlugin? Exec { get; init; }

    /// <summary>Reads a kubeconfig; certificate files that it names are read at once.</summary>
    /// <param name="yaml">The kubeconfig's text.</param>
    /// <param name="context">Name of the context, or null for its current-context.</param>
    /// <param name="baseDirectory">Folder of the kubeconfig: relative paths in it start there.</param>
    /// <exception cref="BackupException">InvalidInput: malformed. NotFound: the context or a file is not there. Unsupported: a way to log in that this program does not have.</exception>
    public static KubeConnection FromKubeconfig(string yaml, string? context, string baseDirectory) =>
        Kubeconfig.Read(yaml, context, baseDirectory);

    /// <summary>The pod's own service account.</summary>
    /// <param name="folder">Folder with ca.crt, token and namespace, usually /var/run/secrets/kubernetes.io/serviceaccount.</param>
    /// <param name="host">KUBERNETES_SERVICE_HOST.</param>
    /// <param name="port">KUBERNETES_SERVICE_PORT.</param>
    /// <exception cref="BackupException">NotFound: the folder lacks the token or the authority's certificate. InvalidInput: no such address.</exception>
    public static KubeConnection InCluster(string folder, string host, string port)
    {
        string authority = Path.Combine(folder, "ca.crt");
        string token = Path.Combine(folder, "token");
        if (!File.Exists(authority) || !File.Exists(token))
        {
            throw new BackupException(
                ErrorKind.NotFound,
                $"{folder} lacks the service account's token or ca.crt.",
                "Run in a pod with a service account (automountServiceAccountToken), or name a kubeconfig.");
        }

        string bracketed = host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host;
        if (!Uri.TryCreate($"https://{bracketed}:{port}", UriKind.Absolute, out Uri? server))
        {
            throw new BackupException(ErrorKind.InvalidInput, $"'{host}:{port}' is no address of an API server.", "Check KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT.");
        }

        string namespaceFile = Path.Combine(folder, "namespace");
        return new KubeConnection(server)
        {
            CertificateAuthorityPem = File.ReadAllText(authority),
            TokenFile = token,
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : null,
        };
    }

    public override string ToString() => Server.ToString();
}
