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
CliContext context = new()
{
    Out = Console.Out,
    Error = Console.Error,
    In = Console.In,
    Console = AnsiConsole.Console,
    IsTerminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi,
    CanAsk = !Console.IsInputRedirected,
    Environment = Environment.GetEnvironmentVariable,
    WorkingFolder = Directory.GetCurrentDirectory(),
    Time = TimeProvider.System,
};
return await CommandLineApp.RunAsync(args, context, stop.Token);
