using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Cluster.Kube;

/// <summary>Against the real kube-apiserver.</summary>
public sealed class KubeClusterTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bf-kubeconfig-");

    public void Dispose() => _folder.Delete(recursive: true);

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_client_certificate_is_as_good_as_a_token()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        string path = Path.Combine(_folder.FullName, "config");
        server.WriteClientCertificateKubeconfig(path);
        ICluster cluster = Open(await File.ReadAllTextAsync(path));
        Assert.StartsWith("v1.", (await cluster.GetVersionAsync(None)).GitVersion, StringComparison.Ordinal);
        Assert.NotNull(await cluster.TryGetAsync(Namespaces, null, "default", None));
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_list_of_several_pages_gives_every_object_once_and_in_order()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        await server.Api.CreateNamespaceAsync("kube-paging");
        const int Count = 1203;
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
            await server.Api.CreateAsync($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c{{{i:D4}}}","namespace":"kube-paging","labels":{"own":"yes"} },"data":{"i":"{{{i}}}"} }""", token));
        ICluster cluster = await OpenAsync(server);
        List<string> names = [];
        await foreach (KubeObject item in cluster.ListAsync(ConfigMaps, "kube-paging", "own=yes", None))
        {
            Assert.Equal(["apiVersion", "kind"], item.Root.Select(member => member.Key).Take(2));
            names.Add(item.Name);
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"c{i:D4}"), names);
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_listed_object_equals_the_one_that_was_got_number_by_number()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        ICluster cluster = await OpenAsync(server);
        ApiResource classes = (await cluster.DiscoverAsync(None)).Find("prioritylevelconfigurations") ?? (await cluster.DiscoverAsync(None)).Find("clusterroles")!;
        int compared = 0;
        await foreach (KubeObject listed in cluster.ListAsync(classes, null, null, None))
        {
            KubeObject got = (await cluster.TryGetAsync(classes, null, listed.Name, None))!;
            Assert.True(JsonNode.DeepEquals(got.Root, listed.Root), $"{listed} differs");
            compared++;
        }

        Assert.NotEqual(0, compared);
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_wrong_authority_is_told_as_such_and_not_tried_again()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=somebody-else", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 other = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        string authority = Path.Combine(_folder.FullName, "other.crt");
        await File.WriteAllTextAsync(authority, other.ExportCertificatePem());
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => Open(Config(server, authority, KubeApiServer.AdminToken)).GetVersionAsync(None));
        Assert.Equal((ErrorKind.AccessDenied, 0, "Tls"), (refused.Kind, refused.StatusCode, refused.Reason));
        Assert.Contains("not signed by the given certificate authority", refused.Message, StringComparison.Ordinal);
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_wrong_token_is_access_denied_and_never_shown()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        ICluster cluster = Open(Config(server, server.CaPath, "wrong-token-of-somebody"));
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => cluster.TryGetAsync(Namespaces, null, "default", None));
        Assert.Equal((ErrorKind.AccessDenied, 401, "Unauthorized"), (refused.Kind, refused.StatusCode, refused.Reason));
        Assert.DoesNotContain("wrong-token", refused.ToString(), StringComparison.Ordinal);
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_renewed_token_file_is_read_again_when_the_old_token_is_refused()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        File.Copy(server.CaPath, Path.Combine(_folder.FullName, "ca.crt"));
        string token = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(token, KubeApiServer.AdminToken + "\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "namespace"), "backup");
        KubeConnection connection = KubeConnection.InCluster(_folder.FullName, server.Url.Host, $"{server.Url.Port}");
        Assert.Equal("backup", connection.Namespace);
        await File.WriteAllTextAsync(token, "expired");
        ICluster cluster = ClusterFactory.OpenKube(connection, TimeProvider.System);
        Assert.Equal(401, (await Assert.ThrowsAsync<KubeApiException>(() => cluster.TryGetAsync(Namespaces, null, "default", None))).StatusCode);
        await File.WriteAllTextAsync(token, KubeApiServer.AdminToken);
        Assert.NotNull(await cluster.TryGetAsync(Namespaces, null, "default", None));
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task An_exec_plugins_token_is_used()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        string program = Path.Combine(_folder.FullName, "login.sh");
        await File.WriteAllTextAsync(program, """
            #!/bin/sh
            echo run >> "$COUNT_FILE"
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"2099-01-01T00:00:00Z"}}' "$1"
            """);
        string count = Path.Combine(_folder.FullName, "count");
        string yaml = Config(server, server.CaPath, "").Replace(
            "user: {token: \"\"}",
            $"user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: [{program}, {KubeApiServer.AdminToken}], env: [{{name: COUNT_FILE, value: {count}}}]}}}}",
            StringComparison.Ordinal);
        ICluster cluster = ClusterFactory.OpenKube(KubeConnection.FromKubeconfig(yaml, null, _folder.FullName), TimeProvider.System);
        Assert.NotNull(await cluster.TryGetAsync(Namespaces, null, "default", None));
        Assert.NotNull(await cluster.TryGetAsync(Namespaces, null, "default", None));
        Assert.Single(await File.ReadAllLinesAsync(count));
    }

    private static readonly ApiResource ConfigMaps = new(new Gvr("", "v1", "configmaps"), "ConfigMap", true, ["list"], "", []);
    private static readonly ApiResource Namespaces = new(new Gvr("", "v1", "namespaces"), "Namespace", false, ["list"], "", []);

    private static string Config(KubeApiServer server, string authority, string token) => $$$"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{name: test, cluster: {server: "{{{server.Url}}}", certificate-authority: {{{authority}}} } }]
        contexts: [{name: test, context: {cluster: test, user: test} }]
        users: [{name: test, user: {token: "{{{token}}}"} }]
        """;

    private static ICluster Open(string yaml) => ClusterFactory.OpenKube(KubeConnection.FromKubeconfig(yaml, null, "/"), TimeProvider.System);

    private async Task<ICluster> OpenAsync(KubeApiServer server)
    {
        string path = Path.Combine(_folder.FullName, "token-config");
        server.WriteKubeconfig(path);
        return Open(await File.ReadAllTextAsync(path));
    }
}
