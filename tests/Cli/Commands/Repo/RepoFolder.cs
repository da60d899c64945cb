using BackupFunctions.Tests.Engine.Runs;

namespace BackupFunctions.Tests.Cli.Commands.Repo;

/// <summary>A folder as store, and <c>repo</c> on it with a password in the environment.</summary>
internal sealed class RepoFolder : IDisposable
{
    public const string Password = "a password of a test";

    private readonly TemporaryFolder folder = new();

    public RepoFolder() => Directory.CreateDirectory(folder.Below("store"));

    public string Store => folder.Below("store");

    public string Below(params string[] parts) => folder.Below(parts);

    /// <summary>Names of all blobs, with the prefix.</summary>
    public IReadOnlyList<string> Blobs => [.. Directory.GetFiles(Store, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Store, file)).Order(StringComparer.Ordinal)];

    /// <summary>Runs <c>repo WORDS</c> with the store and the password.</summary>
    public Task<CliRun> RunAsync(params string[] words) => RunWithAsync(Password, words);

    /// <summary>The same with another password, or none.</summary>
    public Task<CliRun> RunWithAsync(string? password, params string[] words) => CliRun.OfAsync(
        ["repo", .. words, "--store", $"file://{Store}", "--prefix", "kopia/app/"],
        environment: password is null ? [] : new Dictionary<string, string> { ["REPOSITORY_PASSWORD"] = password });

    public void Dispose() => folder.Dispose();
}
