using BackupFunctions.Tests.Peers.Kubernetes;
using BackupFunctions.Tests.Peers.Processes;

namespace BackupFunctions.Tests.Peers;

/// <summary>
/// A real Kubernetes control plane without nodes: etcd, kube-apiserver, and of kube-controller-manager what makes objects
/// come, bind and go. Namespaces are deleted for good, claims bind to volumes, owned objects are collected; nothing
/// schedules or runs pods.
/// </summary>
internal sealed class KubeApiServer : IDisposable
{
    public const string AdminToken = "admin-token-of-the-tests";

    private const string Controllers =
        "namespace,garbagecollector,serviceaccount,serviceaccount-token,root-ca-cert-publisher,clusterrole-aggregation," +
        "persistentvolume-binder,pvc-protection,pv-protection";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly PeerFolder _folder = new("kube");
    private readonly int _port = LoopbackPorts.Pick();
    private readonly int _etcdPort = LoopbackPorts.Pick();
    private readonly List<ServerProcess> _processes = [];
    private readonly KubeCertificates _certificates;
    private KubeApi? _api;

    private KubeApiServer() => _certificates = KubeCertificates.Create(_folder.FullName);

    public Uri Url => new($"https://127.0.0.1:{_port}");

    public string CaPath => _certificates.CaPath;

    /// <summary>As 1.20, for what depends on the version.</summary>
    public Version Version { get; private set; } = new();

    /// <summary>For arranging and looking.</summary>
    public KubeApi Api => _api ?? throw new InvalidOperationException("The API server has not been started.");

    public static async Task<KubeApiServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new KubeApiServer();
        try
        {
            await server.StartAllAsync(cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A kubeconfig with the administrator's token and the authority's file.</summary>
    public void WriteKubeconfig(string path) => WriteKubeconfig(
        path,
        $"certificate-authority: {CaPath}",
        $"token: {AdminToken}");

    /// <summary>A kubeconfig with a client certificate, everything in the file itself.</summary>
    public void WriteClientCertificateKubeconfig(string path) => WriteKubeconfig(
        path,
        $"certificate-authority-data: {Base64(CaPath)}",
        $"client-certificate-data: {Base64(_certificates.AdminCertificatePath)}",
        $"client-key-data: {Base64(_certificates.AdminKeyPath)}");

    public void Dispose()
    {
        _api?.Dispose();
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            _processes[i].Dispose();
        }

        _processes.Clear();
        _folder.Dispose();
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        await StartServerAsync("etcd", EtcdArguments(LoopbackPorts.Pick()), cancellationToken);
        await File.WriteAllTextAsync(_folder.PathOf("tokens.csv"), $"{AdminToken},admin,admin,\"system:masters\"\n", cancellationToken);
        await StartServerAsync("kube-apiserver", ApiServerArguments(), cancellationToken);
        _api = new KubeApi(Url, CaPath, AdminToken);
        await Readiness.WaitAsync("kube-apiserver", IsReadyAsync, Limit, _processes, cancellationToken);

        WriteKubeconfig(_folder.PathOf("controllers.kubeconfig"));
        await StartServerAsync("kube-controller-manager", ControllerArguments(), cancellationToken);

        // The controllers have no port to ask; what one of them makes first is as good.
        await Readiness.WaitAsync("kube-controller-manager", HasDefaultAccountAsync, Limit, _processes, cancellationToken);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        // The default namespace is made by the server itself, shortly after it begins to answer.
        var version = await Api.GetAsync("/version", cancellationToken);
        Version = new Version($"{version["major"]}.{version["minor"]}".TrimEnd('+'));
        return await Api.TryGetAsync("/api/v1/namespaces/default", cancellationToken) is not null;
    }

    private async Task<bool> HasDefaultAccountAsync(CancellationToken cancellationToken) =>
        await Api.TryGetAsync("/api/v1/namespaces/default/serviceaccounts/default", cancellationToken) is not null;

    private async Task StartServerAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var command = new ServerCommand(program, Programs.Require(program), arguments, _folder.PathOf($"{program}.log"));
        _processes.Add(await ServerProcess.StartAsync(command, cancellationToken));
    }

    private string[] EtcdArguments(int peerPort) =>
    [
        "--data-dir", _folder.PathOf("etcd"),
        "--listen-client-urls", $"http://127.0.0.1:{_etcdPort}",
        "--advertise-client-urls", $"http://127.0.0.1:{_etcdPort}",
        "--listen-peer-urls", $"http://127.0.0.1:{peerPort}",
        "--unsafe-no-fsync",
    ];

    private string[] ApiServerArguments() =>
    [
        "--etcd-servers", $"http://127.0.0.1:{_etcdPort}",
        "--bind-address", "127.0.0.1",
        "--advertise-address", "127.0.0.1",
        "--secure-port", $"{_port}",
        "--cert-dir", _folder.FullName,
        "--tls-cert-file", _certificates.ServerCertificatePath,
        "--tls-private-key-file", _certificates.ServerKeyPath,
        "--client-ca-file", CaPath,
        "--token-auth-file", _folder.PathOf("tokens.csv"),
        "--authorization-mode", "RBAC",
        "--service-account-key-file", _certificates.ServiceAccountKeyPath,
        "--service-account-signing-key-file", _certificates.ServiceAccountKeyPath,
        "--service-account-issuer", "https://kubernetes.default.svc",
        "--service-cluster-ip-range", "10.96.0.0/16",
        "--allow-privileged=true",
        // Pods may be made before the controllers have made their service account.
        "--disable-admission-plugins=ServiceAccount",
    ];

    private string[] ControllerArguments() =>
    [
        "--kubeconfig", _folder.PathOf("controllers.kubeconfig"),
        "--controllers", Controllers,
        "--service-account-private-key-file", _certificates.ServiceAccountKeyPath,
        "--root-ca-file", CaPath,
        "--leader-elect=false",
        "--secure-port=0",
        // Older ones also serve plain HTTP on a fixed port, newer ones do not know the flag.
        .. Version < new Version(1, 24) ? (string[])["--port=0"] : [],
    ];

    private void WriteKubeconfig(string path, string authority, params ReadOnlySpan<string> credentials)
    {
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            current-context: tests
            clusters:
              - name: tests
                cluster:
                  server: {Url.GetLeftPart(UriPartial.Authority)}
                  {authority}
            contexts:
              - name: tests
                context:
                  cluster: tests
                  user: admin
            users:
              - name: admin
                user:
                  {string.Join("\n      ", credentials!)}

            """);
    }

    private static string Base64(string path) => Convert.ToBase64String(File.ReadAllBytes(path));
}
