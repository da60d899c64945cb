using System.Text.RegularExpressions;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>Azure Storage's rules for names of queues, which the folder queue keeps too.</summary>
internal static partial class QueueNames
{
    private const int MinLength = 3;
    private const int MaxLength = 63;

    /// <summary>Where messages go that could not be worked off.</summary>
    public static QueueName PoisonOf(QueueName queue) => new($"{queue}-poison");

    /// <returns>The name itself.</returns>
    public static string Checked(QueueName queue) =>
        queue.Value is { Length: >= MinLength and <= MaxLength } name && Allowed().IsMatch(name)
            ? name
            : throw new BackupException(
                ErrorKind.InvalidInput,
                $"'{queue.Value}' is not a name of a queue.",
                "Use 3 to 63 lower-case letters, digits and single dashes, with a letter or digit at both ends.");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
