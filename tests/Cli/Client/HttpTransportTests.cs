using System.Net;
using Xunit;

namespace BackupFunctions.Tests.Cli.Client;

public sealed class HttpTransportTests : IDisposable
{
    private const string Running = """{"kind":"Backup","metadata":{"name":"b1"},"status":{"phase":"InProgress"}}""";
    private const string Completed = """{"kind":"Backup","metadata":{"name":"b1"},"status":{"phase":"Completed"}}""";
    private const string PartiallyFailed = """{"kind":"Backup","metadata":{"name":"b1"},"status":{"phase":"PartiallyFailed","errors":2,"warnings":1}}""";

    private readonly FakeApp app = new();

    [Fact]
    public async Task Creating_a_backup_posts_it_with_the_key_and_says_what_to_do_next()
    {
        app.On("POST /api/backups", Running, HttpStatusCode.Accepted);
        CliRun run = await RunAsync("backup", "create", "b1", "--include-namespaces", "arr");
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal(
            "Backup request \"b1\" submitted successfully.\nRun `backupctl backup describe b1` or `backupctl backup logs b1` for more details.\n", run.Output);
        (string _, string? key, string? body) = Assert.Single(app.Requests);
        Assert.Equal("key-from-environment", key);
        Assert.Contains("\"includedNamespaces\":[\"arr\"]", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_shows_the_items_and_ends_with_the_backup()
    {
        app.On("POST /api/backups", Running, HttpStatusCode.Accepted);
        app.On("GET /api/backups/b1/items", Items("running", 5));
        app.On("GET /api/backups/b1/items", Items("done", 2048));
        app.On("GET /api/backups/b1", Running);
        app.On("GET /api/backups/b1", Completed);
        CliRun run = await RunAsync("backup", "create", "b1", "--wait");
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Contains("  volume arr/media  running  5 B\n  volume arr/media  done  2.0 KiB\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Backup completed with status: Completed.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_backup_that_fails_in_part_ends_with_status_1()
    {
        app.On("POST /api/backups", Running, HttpStatusCode.Accepted);
        app.On("GET /api/backups/b1", PartiallyFailed);
        CliRun run = await RunAsync("backup", "create", "b1", "-w");
        Assert.Equal(1, run.Status);
        Assert.Contains("ended as PartiallyFailed (2 errors, 1 warning)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stops_waiting_is_told_that_the_backup_goes_on()
    {
        using CancellationTokenSource stop = new();
        app.On("POST /api/backups", Running, HttpStatusCode.Accepted);
        app.On("GET /api/backups/b1", Running);
        stop.CancelAfter(TimeSpan.FromMilliseconds(300));
        CliRun run = await CliRun.OfAsync(["backup", "create", "b1", "-w"], () => app, cancellationToken: stop.Token);
        Assert.Equal(130, run.Status);
        Assert.Contains("backup \"b1\" goes on", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "invalidInput", 2)]
    [InlineData(HttpStatusCode.NotFound, "notFound", 3)]
    [InlineData(HttpStatusCode.Conflict, "alreadyExists", 4)]
    [InlineData(HttpStatusCode.Conflict, "conflict", 4)]
    [InlineData(HttpStatusCode.BadGateway, "accessDenied", 5)]
    [InlineData(HttpStatusCode.InternalServerError, "wrongPassword", 5)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "unavailable", 6)]
    [InlineData(HttpStatusCode.InternalServerError, "corrupt", 7)]
    [InlineData(HttpStatusCode.NotImplemented, "unsupported", 7)]
    [InlineData(HttpStatusCode.InternalServerError, "internal", 1)]
    public async Task Each_kind_of_refusal_has_its_exit_status(HttpStatusCode status, string kind, int expected)
    {
        app.OnProblem("GET /api/backups/b1", status, kind, "It is so.", "Do this.");
        CliRun run = await RunAsync("backup", "get", "b1");
        Assert.Equal((expected, "", "error: It is so.\n       Do this.\n"), (run.Status, run.Output, run.Error));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, 5)]
    [InlineData(HttpStatusCode.Forbidden, 5)]
    [InlineData(HttpStatusCode.NotFound, 3)]
    [InlineData(HttpStatusCode.TooManyRequests, 6)]
    [InlineData(HttpStatusCode.InternalServerError, 1)]
    [InlineData(HttpStatusCode.Found, 1)]
    public async Task An_answer_that_is_no_problem_document_counts_by_its_status(HttpStatusCode status, int expected)
    {
        app.On("GET /api/backups/b1", "<html>", status, "text/html");
        CliRun run = await RunAsync("backup", "get", "b1");
        Assert.Equal(expected, run.Status);
        Assert.DoesNotContain("key-from-environment", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task What_is_no_function_app_is_told_from_one(string body)
    {
        app.On("GET /api/backups", body);
        CliRun run = await RunAsync("backup", "get");
        Assert.Equal((7, ""), (run.Status, run.Output));
    }

    [Fact]
    public async Task Nobody_there_is_unavailable()
    {
        CliRun run = await CliRun.OfAsync(["backup", "get", "--server", "http://127.0.0.1:9"]);
        Assert.Equal(6, run.Status);
        Assert.Contains("http://127.0.0.1:9/ cannot be reached", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_may_lie_in_a_file_as_the_app_writes_it()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "default:admin=secret-key_1\n");
            app.On("GET /api/backups", """{"items":[]}""");
            CliRun run = await RunAsync("backup", "get", "--key-file", file);
            Assert.Equal(0, run.Status);
            Assert.Equal("secret-key_1", Assert.Single(app.Requests).Key);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Deleting_asks_first_and_takes_no_for_an_answer()
    {
        app.On("GET /api/backups/b1", Completed);
        app.On("DELETE /api/backups/b1", "", HttpStatusCode.Accepted);
        CliRun no = await RunAsync(["backup", "delete", "b1"], "n\n");
        Assert.Equal(0, no.Status);
        Assert.DoesNotContain(app.Requests, request => request.Request.StartsWith("DELETE", StringComparison.Ordinal));

        CliRun yes = await RunAsync(["backup", "delete", "b1"], "y\n");
        Assert.Contains("Request to delete backup \"b1\" submitted successfully.", yes.Output, StringComparison.Ordinal);
        Assert.Contains(app.Requests, request => request.Request == "DELETE /api/backups/b1");
    }

    [Fact]
    public async Task Deleting_where_nobody_can_be_asked_needs_the_confirmation()
    {
        app.On("GET /api/backups/b1", Completed);
        Assert.Equal(2, (await RunAsync("backup", "delete", "b1")).Status);
    }

    [Fact]
    public async Task The_log_of_a_running_backup_is_refused_as_velero_does()
    {
        app.On("GET /api/backups/b1", Running);
        CliRun run = await RunAsync("backup", "logs", "b1");
        Assert.Equal(4, run.Status);
        Assert.Contains("not available until it's finished processing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_good_backup_of_a_schedule_is_restored()
    {
        app.On("GET /api/backups", """
            {"items":[
              {"metadata":{"name":"s-1","labels":{"velero.io/schedule-name":"s"}},"status":{"phase":"Completed","startTimestamp":"2026-11-01T03:00:00Z"}},
              {"metadata":{"name":"s-2","labels":{"velero.io/schedule-name":"s"}},"status":{"phase":"Completed","startTimestamp":"2026-11-02T03:00:00Z"}},
              {"metadata":{"name":"s-3","labels":{"velero.io/schedule-name":"s"}},"status":{"phase":"PartiallyFailed","startTimestamp":"2026-11-03T03:00:00Z"}},
              {"metadata":{"name":"t-4","labels":{"velero.io/schedule-name":"t"}},"status":{"phase":"Completed","startTimestamp":"2026-11-04T03:00:00Z"}}]}
            """);
        CliRun good = await RunAsync("restore", "create", "r", "--from-schedule", "s", "-o", "json");
        CliRun partial = await RunAsync("restore", "create", "r", "--from-schedule", "s", "--allow-partially-failed", "-o", "json");
        CliRun none = await RunAsync("restore", "create", "r", "--from-schedule", "u", "-o", "json");
        Assert.Contains("\"backupName\": \"s-2\"", good.Output, StringComparison.Ordinal);
        Assert.Contains("\"backupName\": \"s-3\"", partial.Output, StringComparison.Ordinal);
        Assert.Equal(3, none.Status);
    }

    [Fact]
    public async Task A_failed_check_of_the_store_ends_with_status_1()
    {
        app.On("GET /api/store/check", """{"store":"s3://b","ok":false,"checks":[{"name":"put","ok":true,"outcome":"passed","detail":"fine"},{"name":"get","ok":false,"outcome":"failed","detail":"no"}]}""");
        CliRun run = await RunAsync("store", "check");
        Assert.Equal(1, run.Status);
        Assert.Contains("put     passed   fine\nget     failed   no\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_in_yaml_is_a_list_object()
    {
        app.On("GET /api/backups", $$"""{"items":[{{Completed}}]}""");
        CliRun run = await RunAsync("get", "backups", "-o", "yaml");
        Assert.StartsWith("apiVersion: velero.io/v1\nkind: BackupList\nitems:\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("phase: Completed", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => app.Dispose();

    private Task<CliRun> RunAsync(params string[] args) => RunAsync(args, null);

    private Task<CliRun> RunAsync(string[] args, string? typed) =>
        CliRun.OfAsync(args, () => new Undisposed(app), new Dictionary<string, string> { ["BACKUP_FUNCTIONS_KEY"] = "key-from-environment" }, typed);

    private static string Items(string state, long bytes) =>
        $$"""{"items":[{"id":"volume-0","kind":"volume","stage":0,"namespace":"arr","name":"media","state":"{{state}}","worker":"0123456789abcdef","itemsDone":0,"itemsTotal":0,"bytesDone":{{bytes}},"bytesTotal":{{bytes}},"errors":0,"warnings":0}]}""";

    // The client disposes its handler after each command; the fake lives on.
    private sealed class Undisposed(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker invoker = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            invoker.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            invoker.Dispose();
            base.Dispose(disposing);
        }
    }
}
