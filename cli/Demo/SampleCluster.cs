using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Demo;

/// <summary>
/// The sample cluster, as a folder to play with: a copy of samples/cluster whose volumes get more data, so that backing them
/// up is real work. The same seed gives the same bytes, modes and times.
/// </summary>
internal static class SampleCluster
{
    public const int DefaultSeed = 20_261_123;

    /// <summary>Where the build puts samples/cluster.</summary>
    public static string DefaultSource => Path.Combine(AppContext.BaseDirectory, "samples", "cluster");

    /// <param name="source">The folder of the sample cluster; it is only read.</param>
    /// <param name="target">A folder that is empty or does not exist.</param>
    /// <returns>What lies in the target's volumes.</returns>
    /// <exception cref="BackupException">The source is missing, or the target is not empty.</exception>
    public static async Task<SampleVolumesSummary> CreateAsync(string source, string target, int seed, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(source, "cluster.yaml")))
        {
            throw new BackupException(
                ErrorKind.NotFound,
                $"There is no sample cluster in '{source}'.",
                "Build the project again, or name the folder samples/cluster of its source.");
        }

        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new BackupException(
                ErrorKind.AlreadyExists,
                $"The folder '{target}' is not empty.",
                "Choose another folder for the sample cluster, or delete what is in it.");
        }

        Copy(source, target, cancellationToken);
        SampleVolumes volumes = new(Path.Combine(target, "volumes"), seed);
        return await volumes.FillAsync(cancellationToken);
    }

    private static void Copy(string source, string target, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        foreach (string folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(source, folder)));
        }

        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Copy(file, Path.Combine(target, Path.GetRelativePath(source, file)));
        }
    }
}
