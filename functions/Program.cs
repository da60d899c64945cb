using System.Runtime.InteropServices;
using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Errors;

const int Failed = 1;
const int BadSettings = 2;

using CancellationTokenSource stop = new();
void Stop(PosixSignalContext context)
{
    context.Cancel = true; // stopping is ours: gracefully
    stop.Cancel();
}

using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using FunctionApp app = FunctionApp.Create(args);
    await app.RunAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (BackupException e)
{
    await Console.Error.WriteLineAsync($"{e.Message} {e.Remedy}");
    return e.Kind == ErrorKind.InvalidInput ? BadSettings : Failed;
}
