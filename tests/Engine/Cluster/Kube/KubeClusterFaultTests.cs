using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Cluster.Kube;
using BackupFunctions.Engine.Errors;
using Xunit;
using static BackupFunctions.Tests.Engine.Cluster.Kube.ScriptedApiServer;

namespace BackupFunctions.Tests.Engine.Cluster.Kube;

/// <summary>Against a server that misbehaves.</summary>
public sealed class KubeClusterFaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ApiResource ConfigMaps = new(new Gvr("", "v1", "configmaps"), "ConfigMap", true, ["list"], "", []);
    private const string Object = """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}""";

    private static readonly KubeOptions Fast = new()
    {
        FirstDelay = TimeSpan.FromMilliseconds(1),
        MaxDelay = TimeSpan.FromMilliseconds(5),
        RetryLimit = TimeSpan.FromSeconds(10),
        UnreachableRetryLimit = TimeSpan.FromMilliseconds(50),
        PageSize = 2,
    };

    [Fact]
    public async Task A_read_is_repeated_after_an_overload_and_an_outage()
    {
        await using ScriptedApiServer server = await StartAsync(Answer(429, "slow down", "0"), Answer(503, "<html>"), Cut("{\"kind\":"), Answer(200, Object));
        Assert.Equal("a", (await Open(server).TryGetAsync(ConfigMaps, "ns", "a", None))?.Name);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_write_is_repeated_only_when_the_server_did_not_begin_it()
    {
        await using ScriptedApiServer server = await StartAsync(
            Answer(429, """{"kind":"Status","reason":"TooManyRequests","details":{"retryAfterSeconds":0} }"""),
            Answer(500, """{"kind":"Status","status":"Failure","reason":"InternalError","message":"etcd is slow"}"""));
        KubeApiException failed = await Assert.ThrowsAsync<KubeApiException>(() => Open(server).CreateAsync(ConfigMaps, KubeObject.Parse("""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"ns"} }"""u8), None));
        Assert.Equal((ErrorKind.Unavailable, 500, "InternalError"), (failed.Kind, failed.StatusCode, failed.Reason));
        Assert.Contains("etcd is slow", failed.Message, StringComparison.Ordinal);
        Assert.Equal(["POST /api/v1/namespaces/ns/configmaps", "POST /api/v1/namespaces/ns/configmaps"], server.Requests);
    }

    [Fact]
    public async Task A_wait_that_is_longer_than_the_limit_is_not_begun()
    {
        await using ScriptedApiServer server = await StartAsync(Answer(429, "{}", "3600"));
        Assert.Equal(429, (await Assert.ThrowsAsync<KubeApiException>(() => Open(server).TryGetAsync(ConfigMaps, "ns", "a", None))).StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_expired_page_token_goes_on_with_the_fresh_one()
    {
        await using ScriptedApiServer server = await StartAsync(
            Answer(200, Page("one+/=", "a", "b")),
            Answer(410, """{"kind":"Status","code":410,"reason":"Expired","metadata":{"continue":"fresh"} }"""),
            Answer(200, Page("", "c")));
        Assert.Equal(["a", "b", "c"], await NamesAsync(server));
        Assert.Equal(["continue=one%2B%2F%3D", "continue=fresh"], server.Requests.Skip(1).Select(request => request[(request.LastIndexOf('&') + 1)..]));
    }

    [Fact]
    public async Task An_expired_page_token_without_a_fresh_one_begins_anew_so_objects_come_twice()
    {
        await using ScriptedApiServer server = await StartAsync(
            Answer(200, Page("one", "a", "b")), Answer(410, "{}"), Answer(200, Page("two", "a", "b")), Answer(200, Page("", "c")));
        Assert.Equal(["a", "b", "a", "b", "c"], await NamesAsync(server));
    }

    [Fact]
    public async Task A_page_that_breaks_off_is_asked_for_again_and_gives_each_object_once()
    {
        string page = Page("", "a", "b", "c");
        await using ScriptedApiServer server = await StartAsync(
            Answer(200, Page("t", "0")), Cut(page[..page.IndexOf("\"b\"", StringComparison.Ordinal)]), Cut(page[..^3]), Answer(200, page));
        Assert.Equal(["0", "a", "b", "c"], await NamesAsync(server));
        Assert.Equal(3, server.Requests.Count(request => request.EndsWith("continue=t", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_page_for_ever_is_noticed()
    {
        await using ScriptedApiServer server = await StartAsync(Answer(200, Page("t", "a")), Answer(200, Page("t", "b")));
        Assert.Equal(ErrorKind.Corrupt, (await Assert.ThrowsAsync<BackupException>(() => NamesAsync(server))).Kind);
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("""{"items":{} }""")]
    [InlineData("""{"items":[1]}""")]
    [InlineData("""{"items":[{"metadata":{"name":"a","name":"b"} }]}""")]
    [InlineData("""{"items":[{"metadata":{} }]}""")]
    public async Task An_answer_that_is_no_list_is_told(string body)
    {
        await using ScriptedApiServer server = await StartAsync(Answer(200, body));
        Assert.Equal(ErrorKind.Corrupt, (await Assert.ThrowsAsync<BackupException>(() => NamesAsync(server))).Kind);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_unavailable_after_the_time_limit()
    {
        await using ScriptedApiServer server = await StartAsync(Hang(), Hang());
        KubeOptions hasty = Fast with { AttemptTimeout = TimeSpan.FromMilliseconds(100), RetryLimit = TimeSpan.FromMilliseconds(150) };
        KubeApiException failed = await Assert.ThrowsAsync<KubeApiException>(() => Open(server, hasty).TryGetAsync(ConfigMaps, "ns", "a", None));
        Assert.Equal((ErrorKind.Unavailable, "Timeout"), (failed.Kind, failed.Reason));
    }

    [Fact]
    public async Task Cancelling_is_no_failure_of_the_server()
    {
        await using ScriptedApiServer server = await StartAsync(Hang());
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Open(server).TryGetAsync(ConfigMaps, "ns", "a", cancel.Token));
    }

    [Fact]
    public async Task An_address_where_nothing_listens_is_unreachable()
    {
        ScriptedApiServer server = await StartAsync();
        Uri url = server.Url;
        await server.DisposeAsync();
        KubeApiException failed = await Assert.ThrowsAsync<KubeApiException>(() => Open(url, Fast).GetVersionAsync(None));
        Assert.Equal((ErrorKind.Unavailable, "Unreachable", true), (failed.Kind, failed.Reason, failed.IsTransient));
        Assert.Contains(url.Authority, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_the_server_repeats_is_taken_out_of_the_message()
    {
        await using ScriptedApiServer server = await StartAsync(Answer(403, """{"kind":"Status","reason":"Forbidden","message":"token s3cr3t-token may not"}"""));
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => Open(server).TryGetAsync(ConfigMaps, "ns", "a", None));
        Assert.Equal(ErrorKind.AccessDenied, refused.Kind);
        Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_group_is_reported_and_the_others_are_found()
    {
        await using ScriptedApiServer server = await StartDiscoveryAsync();
        ApiDiscovery discovery = await Open(server).DiscoverAsync(None);
        Assert.Equal(["configmaps", "widgets.good.test", "gadgets.good.test", "widgets.extensions"], discovery.Preferred.Select(type => type.Gvr.GroupResource));
        Assert.Equal(new Gvr("good.test", "v1", "widgets"), discovery.FindGroupResource("widgets.good.test")?.Gvr);
        Assert.Equal("v1beta1", discovery.FindGroupResource("gadgets.good.test")?.Gvr.Version);
        (string groupVersion, string reason) = Assert.Single(discovery.FailedGroups);
        Assert.Equal("metrics.test/v1", groupVersion);
        Assert.Contains("unavailable", reason, StringComparison.Ordinal);
        Assert.Single(server.Requests, request => request.EndsWith("metrics.test/v1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    public async Task A_name_that_would_change_the_address_is_never_sent(string name)
    {
        await using ScriptedApiServer server = await StartAsync();
        Assert.Equal(ErrorKind.InvalidInput, (await Assert.ThrowsAsync<KubeApiException>(() => Open(server).DeleteAsync(ConfigMaps, "ns", name, None))).Kind);
        Assert.Empty(server.Requests);
    }

    private static Task<ScriptedApiServer> StartDiscoveryAsync()
    {
        const string Groups = """
            {"groups":[
             {"name":"extensions","versions":[{"version":"v1beta1"}],"preferredVersion":{"version":"v1beta1"} },
             {"name":"metrics.test","versions":[{"version":"v1"}],"preferredVersion":{"version":"v1"} },
             {"name":"good.test","versions":[{"version":"v1beta1"},{"version":"v1"}],"preferredVersion":{"version":"v1"} }]}
            """;
        static string Types(params string[] names) =>
            $$"""{"resources":[{{string.Join(',', names.Select(name => $$"""{"name":"{{name}}","kind":"K","namespaced":true,"verbs":["list"],"singularName":""}"""))}}]}""";
        Func<Microsoft.AspNetCore.Http.HttpContext, Task> answer = context => (context.Request.Path.Value switch
        {
            "/api" => Answer(200, """{"versions":["v1"]}"""),
            "/api/v1" => Answer(200, Types("configmaps", "configmaps/status")),
            "/apis" => Answer(200, Groups),
            "/apis/good.test/v1" => Answer(200, Types("widgets")),
            "/apis/good.test/v1beta1" => Answer(200, Types("widgets", "gadgets")),
            "/apis/extensions/v1beta1" => Answer(200, Types("widgets")),
            _ => Answer(503, """{"kind":"Status","message":"the server is currently unavailable"}"""),
        })(context);
        return StartAsync([.. Enumerable.Repeat(answer, 20)]);
    }

    private static string Page(string next, params string[] names)
    {
        string pad = new('x', 3000);
        IEnumerable<string> items = names.Select(name => $$$"""{"metadata":{"name":"{{{name}}}","uid":"u-{{{name}}}"},"data":{"pad":"{{{pad}}}"} }""");
        return $$$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"1","continue":"{{{next}}}"},"items":[{{{string.Join(',', items)}}}]}""";
    }

    private static async Task<List<string>> NamesAsync(ScriptedApiServer server)
    {
        List<string> names = [];
        await foreach (KubeObject item in Open(server).ListAsync(ConfigMaps, "ns", null, None))
        {
            names.Add(item.Name);
        }

        return names;
    }

    private static KubeCluster Open(ScriptedApiServer server, KubeOptions? options = null) => Open(server.Url, options ?? Fast);

    private static KubeCluster Open(Uri url, KubeOptions options) => new(new KubeConnection(url) { Token = "s3cr3t-token" }, options, TimeProvider.System);
}
