using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Cluster.Kube;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Cluster.Kube;

public sealed class TokenSourceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bf-token-");
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_token_file_is_read_again_after_a_minute_or_when_refused()
    {
        string path = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(path, "one\n");
        FileToken source = new(path, _time);
        Assert.Equal("one", await source.GetAsync(refresh: false, None));
        await File.WriteAllTextAsync(path, "two");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("one", await source.GetAsync(refresh: false, None));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("two", await source.GetAsync(refresh: false, None));
        await File.WriteAllTextAsync(path, "three");
        Assert.Equal("three", await source.GetAsync(refresh: true, None));
    }

    [Fact]
    public async Task A_missing_token_file_is_told()
    {
        FileToken source = new(Path.Combine(_folder.FullName, "none"), _time);
        Assert.Equal(ErrorKind.AccessDenied, (await Assert.ThrowsAsync<KubeApiException>(() => source.GetAsync(refresh: false, None))).Kind);
    }

    [Fact]
    public async Task An_exec_plugin_runs_again_shortly_before_its_token_expires()
    {
        string count = Path.Combine(_folder.FullName, "count");
        ExecToken source = Exec($"echo x >> {count}; printf '{{\"status\":{{\"token\":\"t\",\"expirationTimestamp\":\"2026-01-01T01:00:00Z\"}}}}'");
        Assert.Equal("t", await source.GetAsync(refresh: false, None));
        _time.Advance(TimeSpan.FromMinutes(59));
        await source.GetAsync(refresh: false, None);
        Assert.Single(await File.ReadAllLinesAsync(count));
        _time.Advance(TimeSpan.FromSeconds(55));
        await source.GetAsync(refresh: false, None);
        Assert.Equal(2, (await File.ReadAllLinesAsync(count)).Length);
    }

    [Theory]
    [InlineData("echo s3cr3t; exit 3", "exit status 3")]
    [InlineData("echo s3cr3t", "no JSON")]
    [InlineData("echo '{}'", "no token")]
    [InlineData("echo '{\"status\":{\"clientCertificateData\":\"s3cr3t\"}}'", "client certificate")]
    public async Task A_plugin_that_gives_no_token_is_told_without_its_output(string script, string part)
    {
        KubeApiException failed = await Assert.ThrowsAsync<KubeApiException>(() => Exec(script).GetAsync(refresh: false, None));
        Assert.Equal(ErrorKind.AccessDenied, failed.Kind);
        Assert.Contains(part, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told() =>
        Assert.Contains("could not be started", (await Assert.ThrowsAsync<KubeApiException>(() =>
            new ExecToken(new ExecPlugin("/no/such/program", [], [], "v1"), _time).GetAsync(refresh: false, None))).Message, StringComparison.Ordinal);

    [Fact]
    public void Versions_are_ordered_by_stability_and_number() =>
        Assert.Equal(
            ["v10", "v2", "v1", "v11beta2", "v3beta1", "v12alpha1", "foo1", "foo10"],
            ((string[])["foo10", "v1", "v3beta1", "v12alpha1", "v10", "foo1", "v11beta2", "v2"]).OrderByDescending(name => name, ApiVersionOrder.Instance));

    private ExecToken Exec(string script) => new(new ExecPlugin("sh", ["-c", script], [], "client.authentication.k8s.io/v1"), _time);
}
