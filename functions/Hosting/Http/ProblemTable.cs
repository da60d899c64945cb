using System.Collections.Frozen;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Which HTTP status a kind of error becomes.</summary>
internal static class ProblemTable
{
    private static readonly FrozenDictionary<ErrorKind, (int Status, string Title)> Entries = new Dictionary<ErrorKind, (int, string)>
    {
        [ErrorKind.Internal] = (StatusCodes.Status500InternalServerError, "A fault of this program"),
        [ErrorKind.InvalidInput] = (StatusCodes.Status400BadRequest, "The request is not valid"),
        [ErrorKind.NotFound] = (StatusCodes.Status404NotFound, "Not found"),
        [ErrorKind.AlreadyExists] = (StatusCodes.Status409Conflict, "Exists already"),
        [ErrorKind.Conflict] = (StatusCodes.Status409Conflict, "In conflict with another change"),

        // The caller's own key was good: it is the store or the cluster that refuses this app.
        [ErrorKind.AccessDenied] = (StatusCodes.Status502BadGateway, "The store or the cluster refuses access"),
        [ErrorKind.WrongPassword] = (StatusCodes.Status409Conflict, "The repository password is wrong"),
        [ErrorKind.Unavailable] = (StatusCodes.Status503ServiceUnavailable, "Not available now"),
        [ErrorKind.Corrupt] = (StatusCodes.Status422UnprocessableEntity, "Stored data is damaged"),
        [ErrorKind.Unsupported] = (StatusCodes.Status501NotImplemented, "Not supported"),
        [ErrorKind.Canceled] = (StatusCodes.Status409Conflict, "Cancelled"),
    }.ToFrozenDictionary();

    public static Problem Of(ErrorKind kind, string? detail, string? remedy)
    {
        (int status, string title) = Entries[kind];
        return new Problem(title, status, detail, remedy, NameOf(kind));
    }

    public static Problem Of(BackupException e) => Of(e.Kind, e.Message, e.Remedy);

    private static string NameOf(ErrorKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
