using BackupFunctions.Bench;
using BackupFunctions.Bench.Algorithms;

// Run from the repository's root: dotnet run -c Release --project bench -- algorithms [part of a name]
switch (args)
{
    case ["algorithms", ..]:
        AlgorithmBenchmarks.Run(new Measurement(Console.Out, args.ElementAtOrDefault(1) ?? ""));
        return 0;
    default:
        Console.Error.WriteLine("usage: bench algorithms [part of a name]");
        return 2;
}
