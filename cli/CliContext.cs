using Spectre.Console;

namespace BackupFunctions.Cli;

/// <summary>What the commands know of the world outside: given once, so that tests can give another one.</summary>
internal sealed record CliContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>For what is drawn; writes to the same place as <see cref="Out"/>.</summary>
    public required Lazy<IAnsiConsole> Console { get; init; }

    /// <summary>Whether a person sees the output at once: then bars move, else lines are written.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Whether a person sees what goes to standard error.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Opens standard output for bytes.</summary>
    public Func<Stream> OpenOut { get; init; } = System.Console.OpenStandardOutput;

    /// <summary>Whether questions can be asked.</summary>
    public required bool CanAsk { get; init; }

    /// <summary>Value of an environment variable, or null.</summary>
    public required Func<string, string?> Environment { get; init; }

    public required string WorkingFolder { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Who snapshots of this machine are of, as <c>user@host</c>.</summary>
    public string User { get; init; } = System.Environment.UserName;

    /// <summary>Kopia's form of a host's name: lower case, without the domain.</summary>
    public string Host { get; init; } = System.Environment.MachineName.Split('.')[0].ToLowerInvariant();

    /// <summary>Makes the handler that requests go through; tests give another one.</summary>
    public Func<HttpMessageHandler> HttpHandler { get; init; } = () => new SocketsHttpHandler { AllowAutoRedirect = false };
}
