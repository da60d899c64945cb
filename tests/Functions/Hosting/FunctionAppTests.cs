using System.Net;
using System.Text;
using System.Text.Json;
using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting;

public sealed class FunctionAppTests : IDisposable
{
    private const string OwnerKey = "owner-key-0123456789-hidden";
    private const string ReaderKey = "reader-key-0123456789-hidden";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bf-app-");
    private readonly LogLines log = new();
    private readonly SampleFunctions functions = new();
    private readonly Dictionary<string, string?> settings = new() { ["BACKUP_API_KEYS"] = $"owner:admin={OwnerKey};reader={ReaderKey}" };

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_request_without_a_good_key_is_refused_and_the_function_is_not_run()
    {
        await using FunctionApp app = await StartAsync();
        using HttpClient http = new() { BaseAddress = app.Url };

        foreach ((string? header, string query, HttpStatusCode expected) in (IEnumerable<(string?, string, HttpStatusCode)>)
            [
                (null, "", HttpStatusCode.Unauthorized),
                ("wrong", "", HttpStatusCode.Unauthorized),
                (null, "?code=wrong", HttpStatusCode.Unauthorized),
                (ReaderKey, "", HttpStatusCode.Forbidden),
            ])
        {
            using HttpRequestMessage request = new(HttpMethod.Delete, "api/things/a" + query);
            if (header is not null)
            {
                request.Headers.Add("x-functions-key", header);
            }

            using HttpResponseMessage answer = await http.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.Empty(functions.Deleted);
        using HttpResponseMessage good = await http.DeleteAsync(new Uri($"api/things/a?code={OwnerKey}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(["a"], functions.Deleted);
    }

    [Theory]
    [InlineData("things/a", "GET", HttpStatusCode.NotFound, "notFound")]
    [InlineData("nothing", "GET", HttpStatusCode.NotFound, "notFound")]
    [InlineData("things/a", "PUT", HttpStatusCode.MethodNotAllowed, "invalidInput")]
    [InlineData("fault", "GET", HttpStatusCode.InternalServerError, "internal")]
    public async Task Every_failure_is_a_problem(string path, string method, HttpStatusCode status, string kind)
    {
        await using FunctionApp app = await StartAsync();
        using HttpClient http = Client(app);
        using HttpRequestMessage request = new(new HttpMethod(method), "api/" + path);

        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(status, answer.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(text);
        Assert.Equal(kind, problem.RootElement.GetProperty("kind").GetString());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.DoesNotContain("stack", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("inner details", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_long_or_no_JSON_is_refused()
    {
        await using FunctionApp app = await StartAsync();
        using HttpClient http = Client(app);

        using StringContent longBody = new($"{{\"metadata\":{{\"name\":\"{new string('a', RequestBody.MaxBytes)}\"}}}}", Encoding.UTF8, "application/json");
        using HttpResponseMessage tooLong = await http.PostAsync(new Uri("api/things", UriKind.Relative), longBody);
        using StringContent noJson = new("{\"metadata\":", Encoding.UTF8, "application/json");
        using HttpResponseMessage broken = await http.PostAsync(new Uri("api/things", UriKind.Relative), noJson);
        using StringContent twice = new("{\"kind\":\"a\",\"kind\":\"b\"}", Encoding.UTF8, "application/json");
        using HttpResponseMessage doubled = await http.PostAsync(new Uri("api/things", UriKind.Relative), twice);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, doubled.StatusCode);
    }

    [Fact]
    public async Task The_first_start_makes_a_key_that_only_the_owner_of_the_process_can_read()
    {
        settings.Clear();
        string key;
        await using (FunctionApp app = await StartAsync())
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(app.ApiKeysFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            key = (await File.ReadAllTextAsync(app.ApiKeysFile)).Trim().Split('=', 2)[1];
            using HttpClient http = new() { BaseAddress = app.Url };
            using HttpResponseMessage answer = await http.DeleteAsync(new Uri($"api/things/a?code={key}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await app.StopAsync();
        }

        await using FunctionApp again = await StartAsync();
        Assert.Contains(key, await File.ReadAllTextAsync(again.ApiKeysFile), StringComparison.Ordinal);
        Assert.DoesNotContain(log.All, line => line.Contains(key, StringComparison.Ordinal));
        Assert.Contains(log.All, line => line.Contains(again.ApiKeysFile, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_allowed_functions_run_here()
    {
        settings["AzureFunctionsJobHost:functions:0"] = "WorkThings";
        await using FunctionApp app = await StartAsync();

        await SendAsync();
        await functions.Worked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Null(app.Url);
    }

    [Fact]
    public void A_function_that_there_is_not_cannot_be_allowed()
    {
        BackupException e = Assert.Throws<BackupException>(() => Create("--functions", "WorkThings,Typo"));

        Assert.Contains("Typo", e.Message, StringComparison.Ordinal);
        Assert.Contains("WorkThings", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draining_works_the_queue_off_and_ends_without_serving()
    {
        await using FunctionApp app = Create("--drain", "--functions", "WorkThings");
        await SendAsync();

        await app.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(functions.Worked.Task.IsCompletedSuccessfully);
        Assert.Null(app.Url);
    }

    [Fact]
    public async Task No_secret_is_ever_logged()
    {
        string[] secrets = [OwnerKey, ReaderKey, "hidden-password", "AKIAHIDDEN", "hidden-aws-secret", "aGlkZGVuLXF1ZXVlLWtleQ=="];
        settings["REPOSITORY_PASSWORD"] = secrets[2];
        settings["BACKUP_STORE"] = "s3://bucket?endpoint=http://127.0.0.1:9";
        settings["AWS_ACCESS_KEY_ID"] = secrets[3];
        settings["AWS_SECRET_ACCESS_KEY"] = secrets[4];
        settings["AzureWebJobsStorage"] = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey={secrets[5]};QueueEndpoint=http://127.0.0.1:9/a";
        settings["Logging:LogLevel:Default"] = "Trace";
        settings["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace";
        await using (FunctionApp app = await StartAsync())
        {
            using HttpClient http = Client(app);
            foreach (string path in (string[])["healthz", "api/fault", "api/things/a", $"api/things/a?code={OwnerKey}", $"api/fault?code={ReaderKey}"])
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative));
                string body = await answer.Content.ReadAsStringAsync();
                Assert.All(secrets, secret => Assert.DoesNotContain(secret, body, StringComparison.Ordinal));
            }

            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
            while (log.CountOf(101) == 0)
            {
                await Task.Delay(20, limit.Token); // until the queue's absence is told
            }

            await app.StopAsync();
        }

        Assert.All(secrets, secret => Assert.DoesNotContain(log.All, line => line.Contains(secret, StringComparison.Ordinal)));
    }

    private Task SendAsync() => functions.Queue.SendAsync(new QueueName("things"), new WorkMessage { Run = "backup", Name = "b" }, CancellationToken.None);

    private async Task<FunctionApp> StartAsync()
    {
        FunctionApp app = Create();
        await app.StartAsync(CancellationToken.None);
        return app;
    }

    private FunctionApp Create(params string[] args) => FunctionApp.Create(args, new FunctionAppOptions
    {
        WorkingFolder = folder.FullName,
        Configuration = builder => builder.AddInMemoryCollection(
            [.. settings, KeyValuePair.Create("HOME", (string?)folder.FullName), KeyValuePair.Create("BACKUP_URLS", (string?)"http://127.0.0.1:0")]),
        Logging = logging => logging.ClearProviders().AddProvider(log),
        Functions = parts =>
        {
            functions.Queue = parts.WorkQueue;
            return [functions];
        },
    });

    private static HttpClient Client(FunctionApp app)
    {
        HttpClient http = new() { BaseAddress = app.Url };
        http.DefaultRequestHeaders.Add("x-functions-key", OwnerKey);
        return http;
    }
}
