namespace BackupFunctions.App.Hosting.Http;

/// <summary>Answers with a problem.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public static readonly ProblemResult Unauthenticated = new(new Problem(
        "No valid API key",
        StatusCodes.Status401Unauthorized,
        "This needs an API key, and there was none or one that this app does not know.",
        "Send a key in the header x-functions-key or as query parameter code.",
        "unauthenticated"));

    public static readonly ProblemResult Forbidden = new(new Problem(
        "The API key may not do this",
        StatusCodes.Status403Forbidden,
        "This needs an API key of level admin.",
        "Use such a key.",
        "forbidden"));

    public Task ExecuteAsync(HttpContext httpContext) =>
        new JsonResult<Problem>(problem, ProblemJsonContext.Default.Problem, problem.Status, "application/problem+json").ExecuteAsync(httpContext);
}
