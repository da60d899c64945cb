using BackupFunctions.Bench;
using BackupFunctions.Bench.Algorithms;
using BackupFunctions.Bench.Compare;
using BackupFunctions.Bench.Indexes;
using BackupFunctions.Bench.Trees;

// Run from the repository's root: dotnet run -c Release --project bench -- algorithms [part of a name]
switch (args)
{
    case ["algorithms", ..]:
        AlgorithmBenchmarks.Run(new Measurement(Console.Out, args.ElementAtOrDefault(1) ?? ""));
        return 0;
    case ["tree", var tree, var work]:
        await TreeBenchmark.RunAsync(Path.GetFullPath(tree), Path.GetFullPath(work), Environment.ProcessorCount, Console.Out, CancellationToken.None);
        return 0;
    case ["restore", var work, var target]:
        await RestoreBenchmark.RunAsync(Path.GetFullPath(work), Path.GetFullPath(target), Environment.ProcessorCount, Console.Out, CancellationToken.None);
        return 0;
    case ["index", var count, .. var folder]:
        await IndexBenchmark.RunAsync(
            int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), Path.GetFullPath(folder.FirstOrDefault() ?? Path.Combine(Path.GetTempPath(), "backup-functions-index")), Console.Out, CancellationToken.None);
        return 0;
    case ["index-open", var count, var folder]:
        await IndexBenchmark.OpenAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), Path.GetFullPath(folder), Console.Out, CancellationToken.None);
        return 0;
    case ["index-maintain", var count, var folder]:
        await IndexBenchmark.MaintainAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), Path.GetFullPath(folder), Console.Out, CancellationToken.None);
        return 0;
    case ["compare", .. var rest] when CompareOptions.Parse(rest) is { } options:
        return await CompareCommand.RunAsync(options, Console.Out, CancellationToken.None);
    case ["backup", var tree, var storeUrl, ..]:
        await SingleBackup.RunAsync(Path.GetFullPath(tree), storeUrl, args.ElementAtOrDefault(3), Environment.ProcessorCount, Console.Out, CancellationToken.None);
        return 0;
    default:
        Console.Error.WriteLine(
            $"usage: bench algorithms [part of a name] | tree FOLDER EMPTY-FOLDER | backup FOLDER STORE-URL [HASH] | restore TREE-WORK-FOLDER TARGET | {IndexBenchmark.Usage} | {CompareOptions.Usage}");
        return 2;
}
