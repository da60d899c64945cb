namespace BackupFunctions.App.Hosting;

/// <summary>A function that answers HTTP requests.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">Who may call it.</param>
/// <param name="Methods">In upper case.</param>
/// <param name="Route">Below <c>/api</c>; with a leading slash from the root.</param>
/// <param name="RunAsync">Answers.</param>
internal sealed record HttpFunction(
    string Name, AuthorizationLevel Level, IReadOnlyList<string> Methods, string Route, Func<HttpRequest, CancellationToken, Task<IResult>> RunAsync);
