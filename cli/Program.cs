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
IAnsiConsole console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
    console.Profile.Width = 1000; // lines of a file are not broken
}

CliContext context = new()
{
    Out = Console.Out,
    Error = Console.Error,
    In = Console.In,
    Console = console,
    IsTerminal = !Console.IsOutputRedirected && console.Profile.Capabilities.Ansi,
    TerminalWidth = console.Profile.Width,
    CanAsk = !Console.IsInputRedirected,
    Environment = Environment.GetEnvironmentVariable,
    WorkingFolder = Directory.GetCurrentDirectory(),
    Time = TimeProvider.System,
};
return await CommandLineApp.RunAsync(args, context, stop.Token);
