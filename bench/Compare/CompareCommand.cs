using System.Globalization;
using System.Text.Json;

namespace BackupFunctions.Bench.Compare;

/// <summary>
/// Backup programs side by side on the same trees: each takes its turn, round by round, with a new repository: first backup,
/// the same again, restore, and the restored tree is compared with its source. Every measurement is one whole process.
/// </summary>
internal sealed class CompareCommand(CompareOptions options, string work, TextWriter output)
{
    private const string ResultFile = "results.json", TextFile = "results.md", PlotFile = "results.svg";

    private readonly List<Sample> _samples = [];

    public static async Task<int> RunAsync(CompareOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.WorkFolder is { } folder)
        {
            Directory.CreateDirectory(folder);
            await new CompareCommand(options, folder, output).RunAsync(cancellationToken);
            return 0;
        }

        string temporary = Directory.CreateTempSubdirectory("backup-functions-bench-").FullName;
        try
        {
            await new CompareCommand(options, temporary, output).RunAsync(cancellationToken);
            foreach (string result in (string[])[ResultFile, TextFile, PlotFile])
            {
                File.Copy(Path.Combine(temporary, result), result, overwrite: true);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        string home = Path.Combine(work, "home");
        Directory.CreateDirectory(home);
        string? own = options.Backupctl ?? OwnProgram.Find();
        IBackupProgram[] all = [new OwnProgram(OwnProgram.DefaultHash, own, home), new OwnProgram(Aim.Blake3, own, home), new ResticProgram(home), new BorgProgram(home)];
        List<IBackupProgram> programs = [.. all.Where(program => program.ReasonMissing is null && IsChosen(program))];
        Comparison comparison = await ReadAsync(cancellationToken);
        Dictionary<string, string> versions = new(comparison.Programs);
        foreach (IBackupProgram program in programs)
        {
            string version = (await ChildRun.RunAsync(program.Version, cancellationToken)).Output;
            versions[program.Name] = $"{version.Split('\n')[0].Trim()} ({program.Settings})";
        }

        Dictionary<string, string> trees = new(comparison.Trees);
        foreach ((string name, Func<string, SampleTree> make) in Trees())
        {
            output.WriteLine($"making the tree: {name}");
            SampleTree tree = make(Path.Combine(work, "tree-" + name.Replace(' ', '-')));
            trees[name] = string.Create(CultureInfo.InvariantCulture, $"{tree.FileCount:N0} files, {tree.TotalBytes:N0} bytes");
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (IBackupProgram program in programs)
                {
                    output.WriteLine($"{name}, round {round}: {program.Name}");
                    await MeasureAsync(program, name, tree, cancellationToken);
                }
            }
        }

        comparison = comparison with
        {
            Date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Machine = Machine.Describe(),
            Trees = trees,
            Programs = versions,
            Missing = all.Where(static program => program.ReasonMissing is not null).ToDictionary(static program => program.Name, static program => program.ReasonMissing ?? ""),
            Samples = [.. comparison.Samples, .. _samples],
        };
        await WriteAsync(comparison, cancellationToken);
    }

    private bool IsChosen(IBackupProgram program) =>
        options.Programs.Count == 0 || options.Programs.Any(chosen => program.Name.StartsWith(chosen, StringComparison.Ordinal));

    private IEnumerable<(string Name, Func<string, SampleTree> Make)> Trees()
    {
        if (options.Mixed)
        {
            yield return (Comparison.MixedTree, SampleTree.Mixed);
        }

        if (options.SmallFiles)
        {
            yield return (Comparison.SmallFilesTree, SampleTree.SmallFiles);
        }
    }

    private async Task MeasureAsync(IBackupProgram program, string name, SampleTree tree, CancellationToken cancellationToken)
    {
        string repository = Path.Combine(work, "repository");
        string target = Path.Combine(work, "restored");
        try
        {
            Directory.CreateDirectory(repository);
            await ChildRun.RunAsync(program.Create(repository), cancellationToken);
            await MeasureAsync(program.Name, name, Comparison.First, program.Backup(repository, tree.Root, 1), cancellationToken);
            await MeasureAsync(program.Name, name, Comparison.Unchanged, program.Backup(repository, tree.Root, 2), cancellationToken);
            if (Comparison.Steps.Contains((name, Comparison.Restore)))
            {
                Directory.CreateDirectory(target);
                await MeasureAsync(program.Name, name, Comparison.Restore, program.Restore(repository, target, 2), cancellationToken);
                if (TreeDifference.Find(tree.Root, program.RestoredTree(tree.Root, target)) is { } difference)
                {
                    throw new InvalidOperationException($"{program.Name} did not restore what it had backed up: {difference}");
                }
            }
        }
        finally
        {
            DeleteFolder(repository);
            DeleteFolder(target);
        }
    }

    private async Task MeasureAsync(string program, string tree, string operation, ChildCommand command, CancellationToken cancellationToken)
    {
        ChildRun run = await ChildRun.RunAsync(command, cancellationToken);
        _samples.Add(new Sample(program, tree, operation, run.Seconds, run.ProcessorSeconds, run.PeakBytes));
        output.WriteLine(FormattableString.Invariant($"  {operation,-18} {run.Seconds,8:F2} s {run.ProcessorSeconds,8:F2} s of processor {run.PeakBytes / 1e6,8:F0} MB"));
    }

    private async Task<Comparison> ReadAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(work, ResultFile);
        return File.Exists(path)
            ? JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), ComparisonJsonContext.Default.Comparison) ?? new Comparison()
            : new Comparison();
    }

    private async Task WriteAsync(Comparison comparison, CancellationToken cancellationToken)
    {
        string text = ResultText.Write(comparison);
        await File.WriteAllBytesAsync(Path.Combine(work, ResultFile), JsonSerializer.SerializeToUtf8Bytes(comparison, ComparisonJsonContext.Default.Comparison), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(work, TextFile), text, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(work, PlotFile), ResultPlot.Write(comparison), cancellationToken);
        output.WriteLine();
        output.WriteLine(text);
        output.WriteLine($"written: {ResultFile}, {TextFile}, {PlotFile}");
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
