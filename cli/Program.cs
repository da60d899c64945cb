using System.Runtime.InteropServices;
using BackupFunctions.Cli;
using Spectre.Console;

using CancellationTokenSource stop = new();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // the command ends itself and says what goes on
    stop.Cancel();
}

using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
bool isCapable = Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
CliContext context = new()
{
    Out = Console.Out,
    Error = Console.Error,
    In = Console.In,
    Console = new Lazy<IAnsiConsole>(CreateConsole), // most commands draw nothing, and should not wait for what draws
    IsTerminal = !Console.IsOutputRedirected && isCapable,
    IsErrorTerminal = !Console.IsErrorRedirected && isCapable,
    CanAsk = !Console.IsInputRedirected,
    Environment = Environment.GetEnvironmentVariable,
    WorkingFolder = Directory.GetCurrentDirectory(),
    Time = TimeProvider.System,
};
return await CommandLineApp.RunAsync(args, context, stop.Token);

static IAnsiConsole CreateConsole()
{
    if (!Console.IsOutputRedirected)
    {
        return AnsiConsole.Console;
    }

    IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
    plain.Profile.Width = 1000; // lines of a file are not broken
    return plain;
}
