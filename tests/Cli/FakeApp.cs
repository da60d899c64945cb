using System.Net;
using System.Text;

namespace BackupFunctions.Tests.Cli;

/// <summary>Answers requests as a function app would, from a table; remembers what was asked.</summary>
internal sealed class FakeApp : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<(HttpStatusCode Status, string Type, string Body)>> answers = [];

    public List<(string Request, string? Key, string? Body)> Requests { get; } = [];

    /// <summary>Several answers to one request are given one after the other; the last one stays.</summary>
    public FakeApp On(string request, string body, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json")
    {
        if (!answers.TryGetValue(request, out Queue<(HttpStatusCode, string, string)>? queue))
        {
            answers[request] = queue = new Queue<(HttpStatusCode, string, string)>();
        }

        queue.Enqueue((status, type, body));
        return this;
    }

    public FakeApp OnProblem(string request, HttpStatusCode status, string kind, string detail, string remedy) => On(
        request, $$"""{"title":"t","status":{{(int)status}},"detail":"{{detail}}","remedy":"{{remedy}}","kind":"{{kind}}"}""", status, "application/problem+json");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string asked = $"{request.Method} {request.RequestUri!.PathAndQuery}"; // HttpClient always sets it
        string? body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add((asked, request.Headers.TryGetValues("x-functions-key", out IEnumerable<string>? keys) ? keys.Single() : null, body));
        if (!answers.TryGetValue(asked, out Queue<(HttpStatusCode Status, string Type, string Body)>? queue))
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request, Content = new StringContent($"nothing at {asked}") };
        }

        (HttpStatusCode status, string type, string text) = queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        return new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(text, Encoding.UTF8, type) };
    }
}
