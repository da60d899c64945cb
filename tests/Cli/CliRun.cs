using BackupFunctions.Cli;
using Spectre.Console;

namespace BackupFunctions.Tests.Cli;

/// <summary>What one call of the command line printed and returned.</summary>
internal sealed record CliRun(int Status, string Output, string Error)
{
    /// <summary>What it wrote as bytes.</summary>
    public byte[] Bytes { get; private init; } = [];

    public static async Task<CliRun> OfAsync(
        IReadOnlyList<string> args,
        Func<HttpMessageHandler>? http = null,
        IReadOnlyDictionary<string, string>? environment = null,
        string? typed = null,
        CancellationToken cancellationToken = default)
    {
        using StringWriter output = new() { NewLine = "\n" };
        MemoryStream bytes = new();
        using StringWriter error = new() { NewLine = "\n" };
        CliContext context = new()
        {
            Out = output,
            Error = error,
            In = new StringReader(typed ?? ""),
            Console = new Lazy<IAnsiConsole>(() => Plain(output)),
            OpenOut = () => bytes,
            IsTerminal = false,
            CanAsk = typed is not null,
            Environment = name => environment?.GetValueOrDefault(name),
            WorkingFolder = Path.GetTempPath(),
            Time = TimeProvider.System,
        };
        int status = await CommandLineApp.RunAsync(args, http is null ? context : context with { HttpHandler = http }, cancellationToken);
        return new CliRun(status, output.ToString(), error.ToString()) { Bytes = bytes.ToArray() };
    }

    private static IAnsiConsole Plain(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 1000;
        return console;
    }
}
