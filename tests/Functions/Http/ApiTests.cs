using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace BackupFunctions.Tests.Functions.Http;

public sealed class ApiTests
{
    [Fact]
    public async Task A_backup_is_made_shown_restored_from_and_deleted()
    {
        await using SampleApp app = await SampleApp.StartAsync();

        (HttpStatusCode created, string text) = await app.SendAsync("POST", "backups", """{"metadata":{"name":"b1"},"spec":{"includedNamespaces":["arr"]}}""");
        Assert.Equal(HttpStatusCode.Accepted, created);
        Assert.Equal("InProgress", JsonNode.Parse(text)!["status"]!["phase"]!.GetValue<string>());
        JsonNode backup = await app.WaitForEndAsync("backups/b1");
        Assert.Equal("Completed", backup["status"]!["phase"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Conflict, (await app.SendAsync("POST", "backups", """{"metadata":{"name":"b1"}}""")).Status);
        Assert.Contains("level=info", (await app.SendAsync("GET", "backups/b1/logs")).Text, StringComparison.Ordinal);
        Assert.Contains("Resource List:", (await app.SendAsync("GET", "backups/b1/describe?details=true")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Resource List:", (await app.SendAsync("GET", "backups/b1/describe")).Text, StringComparison.Ordinal);
        Assert.Equal(["b1"], Names(await app.GetAsync("backups")));

        (HttpStatusCode restoring, _) = await app.SendAsync("POST", "restores", """{"metadata":{"name":"r1"},"spec":{"backupName":"b1","namespaceMapping":{"arr":"arr-copy"}}}""");
        Assert.Equal(HttpStatusCode.Accepted, restoring);
        JsonNode restore = await app.WaitForEndAsync("restores/r1");
        Assert.Equal("Completed", restore["status"]!["phase"]!.GetValue<string>());
        Assert.Equal(["r1"], Names(await app.GetAsync("restores")));
        Assert.Contains("Backup:  b1", (await app.SendAsync("GET", "restores/r1/describe")).Text, StringComparison.Ordinal);
        Assert.Contains("level=info", (await app.SendAsync("GET", "restores/r1/logs")).Text, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(app.ClusterFolder, "objects", "deployments.apps", "arr-copy")));

        Assert.Equal(HttpStatusCode.Accepted, (await app.SendAsync("DELETE", "backups/b1")).Status);
        await app.WaitUntilGoneAsync("backups/b1");
        await app.WaitUntilGoneAsync("restores/r1");
    }

    [Theory]
    [InlineData("backups", """{"metadata":{"name":"a/b"}}""", 400, "slash")]
    [InlineData("backups", """{"metadata":{"name":"Upper"}}""", 400, "upper-case")]
    [InlineData("backups", """{"metadata":{}}""", 400, "name")]
    [InlineData("backups", """{"metadata":{"name":"b"},"spec":{"includedNamespaces":["nowhere"]}}""", 400, "nowhere")]
    [InlineData("backups", """{"metadata":{"name":"b"},"spec":{"includeNamespaces":["arr"]}}""", 400, "$.spec.includeNamespaces")]
    [InlineData("backups", """{"metadata":{"name":"b"},"spec":{"ttl":"never"}}""", 400, "ttl")]
    [InlineData("backups", """{"kind":"Restore","metadata":{"name":"b"}}""", 400, "Restore")]
    [InlineData("restores", """{"metadata":{"name":"r"},"spec":{"backupName":"missing"}}""", 404, "missing")]
    [InlineData("restores", """{"metadata":{"name":"r"}}""", 400, "backup")]
    [InlineData("schedules", """{"metadata":{"name":"s"},"spec":{"schedule":"61 * * * *"}}""", 400, "61")]
    [InlineData("schedules", """{"metadata":{"name":"s"},"spec":{"schedule":"0 3 * * *","template":{"ttl":"-1h"}}}""", 400, "live")]
    [InlineData("schedules", """{"metadata":{"name":"daily-stateful"},"spec":{"schedule":"0 3 * * *"}}""", 409, "daily-stateful")]
    public async Task What_is_wrong_with_a_request_is_named_and_nothing_is_written(string path, string body, int status, string named)
    {
        await using SampleApp app = await SampleApp.StartAsync(("AzureFunctionsJobHost:functions:0", "CreateBackup"), ("AzureFunctionsJobHost:functions:1", "CreateRestore"), ("AzureFunctionsJobHost:functions:2", "CreateSchedule"));

        (HttpStatusCode answered, string text) = await app.SendAsync("POST", path, body);

        Assert.Equal(status, (int)answered);
        Assert.Contains(named, text, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(app.Blobs());
    }

    [Fact]
    public async Task A_schedule_is_kept_run_paused_and_deleted()
    {
        await using SampleApp app = await SampleApp.StartAsync();
        const string Yaml = """
            apiVersion: velero.io/v1
            kind: Schedule
            metadata:
              name: nightly
            spec:
              schedule: "0 2 * * *"
              template:
                includedNamespaces: [auth]
            """;

        Assert.Equal(HttpStatusCode.Created, (await app.SendAsync("POST", "schedules", Yaml, "application/yaml")).Status);
        Assert.Equal(["daily-stateful", "nightly", "weekly-full"], Names(await app.GetAsync("schedules")));
        (HttpStatusCode run, string text) = await app.SendAsync("POST", "schedules/nightly/run");
        Assert.Equal(HttpStatusCode.Accepted, run);
        string backup = JsonNode.Parse(text)!["metadata"]!["name"]!.GetValue<string>();
        Assert.Matches("^nightly-[0-9]{14}$", backup);
        Assert.Equal("Completed", (await app.WaitForEndAsync($"backups/{backup}"))["status"]!["phase"]!.GetValue<string>());

        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync("POST", "schedules/daily-stateful/pause")).Status);
        Assert.True((await app.GetAsync("schedules/daily-stateful"))["spec"]!["paused"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync("POST", "schedules/daily-stateful/unpause")).Status);
        Assert.Null((await app.GetAsync("schedules/daily-stateful"))["spec"]!["paused"]);
        Assert.Equal(HttpStatusCode.Conflict, (await app.SendAsync("DELETE", "schedules/daily-stateful")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.SendAsync("DELETE", "schedules/nightly")).Status);
        Assert.Equal(["daily-stateful", "weekly-full"], Names(await app.GetAsync("schedules")));
        Assert.Equal([backup], Names(await app.GetAsync("backups")));
    }

    [Fact]
    public async Task A_backup_under_way_shows_its_items_can_be_cancelled_and_cannot_be_deleted()
    {
        // Without a worker it stays where it is.
        string[] front = ["CreateBackup", "GetBackup", "BackupItems", "BackupLogs", "CancelBackup", "RemoveBackup", "DescribeBackup"];
        await using SampleApp app = await SampleApp.StartAsync([.. front.Select((name, index) => ($"AzureFunctionsJobHost:functions:{index}", name))]);
        await app.SendAsync("POST", "backups", """{"metadata":{"name":"b1"},"spec":{"includedNamespaces":["arr"]}}""");

        JsonArray items = (await app.GetAsync("backups/b1/items"))["items"]!.AsArray();

        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.Equal("waiting", item!["state"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Conflict, (await app.SendAsync("GET", "backups/b1/logs")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.SendAsync("DELETE", "backups/b1")).Status);
        Assert.Contains("InProgress", (await app.SendAsync("GET", "backups/b1/describe")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await app.SendAsync("POST", "backups/b1/cancel")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync("POST", "backups/other/cancel")).Status);
    }

    [Fact]
    public async Task The_store_is_checked_and_left_as_it_was()
    {
        await using SampleApp app = await SampleApp.StartAsync();

        JsonNode check = await app.GetAsync("store/check");

        Assert.True(check["ok"]!.GetValue<bool>());
        Assert.Contains(check["checks"]!.AsArray(), step => step!["name"]!.GetValue<string>() == "conditional put");
        Assert.DoesNotContain(app.Blobs(), blob => blob.Contains("check-", StringComparison.Ordinal));
    }

    private static List<string> Names(JsonNode list) => [.. list["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.GetValue<string>())];
}
