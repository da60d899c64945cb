using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary>The question before something is deleted.</summary>
internal static class Confirmation
{
    /// <exception cref="BackupException">InvalidInput: there is nobody to ask.</exception>
    public static async Task<bool> AskAsync(CliContext context, IReadOnlyList<string> names, string plural, CancellationToken cancellationToken)
    {
        if (!context.CanAsk)
        {
            throw new BackupException(ErrorKind.InvalidInput, "Deleting needs a yes, and there is nobody to ask.", "Add --confirm.");
        }

        const int Shown = 10;
        string list = string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
        await context.Out.WriteAsync($"Delete the {plural} {list}: are you sure you want to continue (Y/N)? ");
        string answer = await context.In.ReadLineAsync(cancellationToken) ?? "";
        return answer.Trim() is "y" or "Y" or "yes" or "Yes";
    }
}
