using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Functions.Http;

/// <summary>What cannot be done is refused with a reason that helps, and nothing in the store has changed afterwards.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Tarball = "backups/b1/b1.tar.gz";
    private static readonly string[] FrontOnly =
        ["CreateBackup", "GetBackup", "DescribeBackup", "RemoveBackup", "CancelBackup", "CreateRestore", "GetRestore", "CreateSchedule", "RunSchedule", "Health"];

    private readonly TemporaryFolder folder = new();

    private string StorePath => folder.Below("store");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_bad_request_is_refused_with_a_reason_and_changes_nothing()
    {
        await MakeBackupAsync();
        string before = Trees.Describe(StorePath);
        await using SampleApp app = await FrontAsync();
        List<string> problems = [];
        foreach ((string method, string path, string? body, int status, string named) in BadRequests())
        {
            string answer = await ProblemAsync(app, method, path, body, status, named);
            if (answer.Length > 0)
            {
                problems.Add($"{method} {path} {body}: {answer}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.Equal(before, Trees.Describe(StorePath));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Without_a_good_key_nothing_is_done(string? key)
    {
        await using SampleApp app = await FrontAsync();
        using HttpClient http = new() { BaseAddress = app.Url };
        foreach (string path in (string[])["api/backups", "api/restores", "api/schedules"])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent("""{"metadata":{"name":"b2"}}""", Encoding.UTF8, "application/json") };
            if (key is not null)
            {
                request.Headers.Add("x-functions-key", key);
            }

            using HttpResponseMessage answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.False(Directory.Exists(StorePath) && Directory.EnumerateFiles(StorePath, "*", SearchOption.AllDirectories).Any());
        Assert.DoesNotContain(app.Log.All, line => line.Contains("wrong", StringComparison.Ordinal) && line.Contains("key", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_truncated_tarball_is_refused_wherever_it_was_cut()
    {
        await MakeBackupAsync();
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(StorePath, Tarball));
        await using SampleApp app = await FrontAsync();
        List<string> problems = [];
        foreach (int length in (int[])[0, 1, 9, 10, 200, whole.Length / 2, whole.Length - 600, whole.Length - 17, whole.Length - 16, whole.Length - 9, whole.Length - 8, whole.Length - 4, whole.Length - 1])
        {
            await File.WriteAllBytesAsync(Path.Combine(StorePath, Tarball), whole[..length]);
            string before = Trees.Describe(StorePath);
            string answer = await ProblemAsync(app, "POST", "restores", """{"metadata":{"name":"r1"},"spec":{"backupName":"b1"}}""", 422, Tarball);
            if (answer.Length > 0)
            {
                problems.Add($"{length} of {whole.Length} bytes: {answer}");
            }

            if (before != Trees.Describe(StorePath))
            {
                problems.Add($"{length} of {whole.Length} bytes: the store has changed");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task With_the_wrong_repository_password_nothing_ends_Completed()
    {
        await MakeBackupAsync();
        string repository = Trees.Describe(Path.Combine(StorePath, "kopia", "arr"));
        await using SampleApp app = await SampleApp.StartAsync(("BACKUP_STORE", "file://" + StorePath), ("REPOSITORY_PASSWORD", "not-the-right-one-42"), ("AzureFunctionsJobHost:extensions:queues:visibilityTimeout", "00:00:00"));

        // Whoever waits for an answer is told at once; a schedule's backup takes what it can, and says what it could not.
        Assert.Equal("", await ProblemAsync(app, "POST", "backups", """{"metadata":{"name":"b2"},"spec":{"includedNamespaces":["arr"]}}""", 409, "password"));
        Assert.Equal("", await ProblemAsync(app, "POST", "restores", """{"metadata":{"name":"r2"},"spec":{"backupName":"b1","namespaceMapping":{"arr":"copy"}}}""", 409, "password"));
        (HttpStatusCode run, string text) = await app.SendAsync("POST", "schedules/daily-stateful/run");
        Assert.Equal(HttpStatusCode.Accepted, run);
        string name = JsonNode.Parse(text)!["metadata"]!["name"]!.GetValue<string>();
        JsonNode backup = await app.WaitForEndAsync($"backups/{name}");

        Assert.Equal("PartiallyFailed", backup["status"]!["phase"]!.GetValue<string>());
        Assert.Contains("password", (await app.SendAsync("GET", $"backups/{name}/describe?details=true")).Text, StringComparison.Ordinal);
        Assert.Equal(repository, Trees.Describe(Path.Combine(StorePath, "kopia", "arr")));
        Assert.DoesNotContain(app.Log.All, line => line.Contains("not-the-right-one-42", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unreachable_store_is_said_by_requests_and_health_alike()
    {
        await using SampleApp app = await SampleApp.StartAsync(
            [
                .. Only(FrontOnly),
                ("BACKUP_STORE", "s3://bucket/prefix?endpoint=http://127.0.0.1:9&region=us-east-1"),
                ("AWS_ACCESS_KEY_ID", "AKIDOFNOBODY"),
                ("AWS_SECRET_ACCESS_KEY", "secret-of-nobody-77"),
            ]);
        using HttpClient http = new() { BaseAddress = app.Url };

        using HttpResponseMessage health = await http.GetAsync(new Uri("healthz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("", await ProblemAsync(app, "POST", "backups", """{"metadata":{"name":"b2"},"spec":{"includedNamespaces":["arr"]}}""", 503, "127.0.0.1:9"));
        Assert.DoesNotContain(app.Log.All, line => line.Contains("secret-of-nobody-77", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_folder_that_cannot_be_written_is_named()
    {
        string file = folder.Below("file");
        await File.WriteAllTextAsync(file, "no folder");
        await using SampleApp app = await SampleApp.StartAsync([.. Only(FrontOnly), ("BACKUP_STORE", $"file://{file}/store")]);
        (HttpStatusCode status, string text) = await app.SendAsync("POST", "backups", """{"metadata":{"name":"b2"},"spec":{"includedNamespaces":["arr"]}}""");
        Assert.True((int)status is >= 500 and < 600, $"{status} {text}");
        Assert.Contains(file, JsonNode.Parse(text)!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Method, string Path, string? Body, int Status, string Named)> BadRequests()
    {
        yield return ("POST", "backups", """{"metadata":{"name":"b1"}}""", 409, "b1");
        yield return ("POST", "backups", """{"metadata":{"name":"a/b"}}""", 400, "slash");
        yield return ("POST", "backups", """{"metadata":{"name":"../b"}}""", 400, "slash");
        yield return ("POST", "backups", """{"metadata":{"name":"Upper"}}""", 400, "upper-case");
        yield return ("POST", "backups", $$$"""{"metadata":{"name":"{{{new string('a', 300)}}}"}}""", 400, "characters");
        yield return ("POST", "backups", """{"metadata":{"name":"b2"},"spec":{"includedNamespaces":["nowhere"]}}""", 400, "nowhere");
        yield return ("POST", "backups", """{"metadata":{"name":"b2"},"spec":{"includeNamespaces":["arr"]}}""", 400, "$.spec.includeNamespaces");
        yield return ("POST", "backups", """{"metadata":{"name":"b2"},"spec":""", 400, "JSON");
        yield return ("POST", "backups", "", 400, "body");
        yield return ("POST", "backups", """{"metadata":{"name":"b2"},"spec":{"includedNamespaces":["arr"],"excludedNamespaces":["arr"]}}""", 400, "arr");
        yield return ("POST", "schedules", """{"metadata":{"name":"s"},"spec":{"schedule":"61 * * * *"}}""", 400, "61");
        yield return ("POST", "schedules", """{"metadata":{"name":"s"},"spec":{"schedule":"0 3 * *"}}""", 400, "0 3 * *");
        yield return ("POST", "schedules", """{"metadata":{"name":"S/s"},"spec":{"schedule":"0 3 * * *"}}""", 400, "S/s");
        yield return ("POST", "schedules/missing/run", null, 404, "missing");
        yield return ("POST", "restores", """{"metadata":{"name":"r"},"spec":{"backupName":"missing"}}""", 404, "missing");
        yield return ("POST", "restores", """{"metadata":{"name":"r/r"},"spec":{"backupName":"b1"}}""", 400, "slash");
        yield return ("POST", "restores", """{"metadata":{"name":"r"},"spec":{"backupName":"b1","namespaceMappings":{"arr":"x"}}}""", 400, "$.spec.namespaceMappings");
        yield return ("POST", "restores", """{"metadata":{"name":"r"},"spec":{"backupName":"b1","namespaceMapping":{"arr":"Not/Good"}}}""", 400, "Not/Good");
        yield return ("POST", "restores", """{"metadata":{"name":"r"},"spec":{"backupName":"b1","existingResourcePolicy":"replace"}}""", 400, "replace");
        yield return ("DELETE", "backups/missing", null, 404, "missing");
        yield return ("GET", "backups/missing", null, 404, "missing");
        yield return ("GET", "backups/Upper", null, 400, "upper-case");
        yield return ("POST", "backups/b1/cancel", null, 404, "b1");
    }

    private static async Task<string> ProblemAsync(SampleApp app, string method, string path, string? body, int status, string named)
    {
        (HttpStatusCode answered, string text) = await app.SendAsync(method, path, body);
        string? detail = text.StartsWith('{') ? JsonNode.Parse(text)!["detail"]?.GetValue<string>() : null;
        return (int)answered == status && detail?.Contains(named, StringComparison.OrdinalIgnoreCase) == true && !text.Contains("   at ", StringComparison.Ordinal)
            ? ""
            : $"{(int)answered} {text}";
    }

    private static IEnumerable<(string Key, string Value)> Only(string[] functions) =>
        functions.Select((name, index) => ($"AzureFunctionsJobHost:functions:{index}", name));

    private async Task MakeBackupAsync()
    {
        await using SampleApp app = await SampleApp.StartAsync(("BACKUP_STORE", "file://" + StorePath));
        await app.SendAsync("POST", "backups", """{"metadata":{"name":"b1"},"spec":{"includedNamespaces":["arr"]}}""");
        JsonNode backup = await app.WaitForEndAsync("backups/b1");
        Assert.Equal("Completed", backup["status"]!["phase"]!.GetValue<string>());
    }

    /// <summary>An app that answers, but does no work in the background.</summary>
    private Task<SampleApp> FrontAsync() => SampleApp.StartAsync([.. Only(FrontOnly), ("BACKUP_STORE", "file://" + StorePath)]);
}
