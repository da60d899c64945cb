using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Puts the HTTP functions behind their routes: keys first, then the function, and every failure as a problem.</summary>
internal sealed class HttpFunctions(IReadOnlyList<HttpFunction> functions, ApiKeys keys, ILogger logger)
{
    private const string KeyHeader = "x-functions-key";
    private const string KeyQuery = "code";
    private const string Prefix = "/api/";

    public void Map(WebApplication app)
    {
        app.Use(AnswerFailures);
        foreach (HttpFunction function in functions)
        {
            string route = function.Route.StartsWith('/') ? function.Route : Prefix + function.Route;
            app.MapMethods(route, function.Methods, context => AnswerAsync(function, context));
        }
    }

    private async Task AnswerAsync(HttpFunction function, HttpContext context)
    {
        IResult result = Authorize(function, context.Request) ?? await function.RunAsync(context.Request, context.RequestAborted);
        await result.ExecuteAsync(context);
    }

    private ProblemResult? Authorize(HttpFunction function, HttpRequest request)
    {
        if (function.Level == AuthorizationLevel.Anonymous)
        {
            return null;
        }

        string presented = request.Headers[KeyHeader].ToString() is { Length: > 0 } header ? header : request.Query[KeyQuery].ToString();
        AuthorizationLevel? level = keys.LevelOf(presented);
        if (level is null)
        {
            Refused("no valid API key");
            return ProblemResult.Unauthenticated;
        }

        if (level < function.Level)
        {
            Refused("the API key is not of level admin");
            return ProblemResult.Forbidden;
        }

        return null;

        void Refused(string reason) =>
            Log.RequestRefused(logger, request.Method, request.Path.ToString(), request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "?", reason);
    }

    private async Task AnswerFailures(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed, ContentType: null })
            {
                await ProblemOfStatus(context).ExecuteAsync(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (Exception e)
        {
            Problem problem = e switch
            {
                BackupException failure => ProblemTable.Of(failure),
                BadHttpRequestException bad => new Problem("The request is not valid", bad.StatusCode, bad.Message, null, "invalidInput"),
                _ => ProblemTable.Of(ErrorKind.Internal, "The request could not be answered; the log has the reason.", null),
            };
            if (problem.Status >= StatusCodes.Status500InternalServerError)
            {
                Log.RequestFailed(logger, context.Request.Method, context.Request.Path.ToString(), Failures.Text(e), Failures.Unexpected(e));
            }

            if (context.Response.HasStarted)
            {
                context.Abort(); // half an answer must not look like a whole one
                return;
            }

            context.Response.Clear();
            await new ProblemResult(problem).ExecuteAsync(context);
        }
    }

    private static ProblemResult ProblemOfStatus(HttpContext context) =>
        new(context.Response.StatusCode == StatusCodes.Status404NotFound
            ? ProblemTable.Of(ErrorKind.NotFound, $"There is nothing at {context.Request.Path}.", "docs/api.md lists what there is.")
            : new Problem("Method not allowed", StatusCodes.Status405MethodNotAllowed, $"{context.Request.Path} does not take {context.Request.Method}.", null, "invalidInput"));
}
