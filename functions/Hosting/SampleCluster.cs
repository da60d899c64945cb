using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting;

/// <summary>The sample cluster that comes with the app, for a first start without any cluster.</summary>
internal static class SampleCluster
{
    private static string Source => Path.Combine(AppContext.BaseDirectory, "samples", "cluster");

    /// <summary>Copies the sample to where it may be changed. What is there already stays as it is.</summary>
    public static void CopyIfMissing(string target)
    {
        if (Directory.Exists(target))
        {
            return;
        }

        if (!Directory.Exists(Source))
        {
            throw new BackupException(ErrorKind.NotFound, "There is no cluster: no kubeconfig was found, and this installation has no sample cluster.", "Set BACKUP_CLUSTER or KUBECONFIG.");
        }

        // Beside its place and then renamed, so that a start that was interrupted leaves no half sample.
        string unfinished = $"{target}.new-{Guid.NewGuid():N}";
        Copy(Source, unfinished);
        try
        {
            Directory.Move(unfinished, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(unfinished, recursive: true); // another process of the same start was quicker
        }
    }

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.EnumerateDirectories(source))
        {
            Copy(folder, Path.Combine(target, Path.GetFileName(folder)));
        }
    }
}
