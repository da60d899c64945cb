using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using Xunit;

namespace BackupFunctions.Tests.Engine.Cluster.Kube;

public sealed class KubeconfigTests
{
    [Fact]
    public void The_named_context_beats_the_current_one()
    {
        KubeConnection connection = KubeConnection.FromKubeconfig(Config("token: t"), "other", "/");
        Assert.Equal(new Uri("https://other.example:6443/prefix"), connection.Server);
        Assert.Equal("apps", connection.Namespace);
        Assert.Equal(new Uri("https://one.example"), KubeConnection.FromKubeconfig(Config("token: t"), null, "/").Server);
    }

    [Fact]
    public void Secrets_are_not_in_the_text_of_a_connection() =>
        Assert.DoesNotContain("s3cr3t", KubeConnection.FromKubeconfig(Config("token: s3cr3t"), null, "/").ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("username: a\n    password: s3cr3t", ErrorKind.Unsupported, "basic authentication")]
    [InlineData("auth-provider: {name: gcp}", ErrorKind.Unsupported, "auth-provider")]
    [InlineData("as: somebody", ErrorKind.Unsupported, "impersonation")]
    [InlineData("client-certificate-data: '!'", ErrorKind.InvalidInput, "base64")]
    [InlineData("client-certificate: /no/such.crt", ErrorKind.NotFound, "/no/such.crt")]
    [InlineData("client-certificate-data: YQ==", ErrorKind.InvalidInput, "together")]
    [InlineData("exec: {command: x, apiVersion: v1}", ErrorKind.InvalidInput, "apiVersion")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}", ErrorKind.Unsupported, "interactiveMode")]
    public void What_cannot_be_used_is_refused_and_named(string user, ErrorKind kind, string part)
    {
        BackupException refused = Assert.Throws<BackupException>(() => KubeConnection.FromKubeconfig(Config(user), null, "/"));
        Assert.Equal(kind, refused.Kind);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", ErrorKind.NotFound)]
    [InlineData("broken", ErrorKind.NotFound)]
    public void A_context_or_cluster_that_is_not_there_is_not_found(string context, ErrorKind kind) =>
        Assert.Equal(kind, Assert.Throws<BackupException>(() => KubeConnection.FromKubeconfig(Config("token: t"), context, "/")).Kind);

    [Theory]
    [InlineData("[]")]
    [InlineData("a: [")]
    [InlineData("{}")]
    public void What_is_no_kubeconfig_is_invalid_input(string yaml) =>
        Assert.Equal(ErrorKind.InvalidInput, Assert.Throws<BackupException>(() => KubeConnection.FromKubeconfig(yaml, null, "/")).Kind);

    [Fact]
    public void A_malformed_key_is_refused_without_its_text()
    {
        string pem = Convert.ToBase64String("s3cr3t"u8);
        KubeConnection connection = KubeConnection.FromKubeconfig(Config($"client-certificate-data: {pem}\n    client-key-data: {pem}"), null, "/");
        BackupException refused = Assert.Throws<BackupException>(() => ClusterFactory.OpenKube(connection, TimeProvider.System));
        Assert.Equal(ErrorKind.InvalidInput, refused.Kind);
        Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_without_service_account_is_told_so() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<BackupException>(() => KubeConnection.InCluster("/no/such", "10.0.0.1", "443")).Kind);

    private static string Config(string user) => $"""
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - name: one
          cluster:
            server: https://one.example
        - name: other
          cluster:
            server: https://other.example:6443/prefix
        contexts:
        - name: one
          context: &c
            cluster: one
            user: me
        - name: other
          context:
            cluster: other
            user: me
            namespace: apps
        - name: broken
          context:
            cluster: gone
            user: me
        users:
        - name: me
          user:
            {user}
        """;
}
