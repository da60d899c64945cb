using System.CommandLine;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary>Where the repository is and what opens it, from options and environment.</summary>
internal sealed class RepoPlace(CliContext context, ConnectionOptions connection)
{
    private const string HowToGivePassword = $"Set {PasswordSource.Variable}, or give --password-file FILE.";

    public Option<string?> Prefix { get; } = new("--prefix")
    {
        HelpName = "PREFIX",
        Description = "Where in the store the repository lies, such as kopia/NAMESPACE/ [default: the store's root]",
        Recursive = true,
    };

    /// <summary>How the repository behaves in this process.</summary>
    public RepositoryOptions Options => new() { UserName = context.User, HostName = context.Host, CacheFolder = TryMakeCacheFolder(), ScratchFolder = Path.GetTempPath() };

    /// <summary>The place of the repository as a store.</summary>
    /// <exception cref="BackupException">InvalidInput, NotFound or AccessDenied: none is named, or it cannot be opened so.</exception>
    public IBlobStore OpenStore(ParseResult parsed)
    {
        Option[] foreign = [.. connection.All.Where(option => option != connection.Store && option != connection.PasswordFile)];
        if (foreign.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } wrong)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"{wrong.Name} has no effect on 'repo', which works on a store alone.", $"Leave out {wrong.Name}.");
        }

        string url = parsed.GetValue(connection.Store) ?? Variable(StoreSource.Variable) ?? throw new BackupException(
            ErrorKind.InvalidInput, "'repo' needs a store to work on.", $"Give --store file:///folder or s3://bucket?endpoint=…, or set {StoreSource.Variable}.");
        string prefix = parsed.GetValue(Prefix)?.TrimEnd('/') ?? "";
        if (prefix.Length > 0 && !BlobName.TryParse(prefix, out _))
        {
            throw new BackupException(ErrorKind.InvalidInput, $"'{prefix}' is not a prefix.", "Write it like kopia/NAMESPACE/, without a slash in front.");
        }

        IBlobStore store = StoreSource.Open(url, Variable, Absolute, new StoreWait(context.Error), context.Time);
        return prefix.Length > 0 ? BlobStoreFactory.SubTree(store, prefix) : store;
    }

    /// <summary>Opens the repository. The caller disposes it.</summary>
    /// <exception cref="BackupException">As <see cref="OpenStore"/>; NotFound: there is no repository; WrongPassword.</exception>
    public Task<KopiaRepository> OpenAsync(ParseResult parsed, RepositoryOptions options, CancellationToken cancellationToken) =>
        WithPasswordAsync(parsed, (store, password) => TreeRepository.OpenAsync(store, password, options, context.Time, cancellationToken));

    /// <summary>Opens the repository for looking at it only, also when index blobs are damaged. The caller disposes it.</summary>
    /// <exception cref="BackupException">As <see cref="OpenAsync"/>.</exception>
    public Task<KopiaRepository> OpenDamagedAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        WithPasswordAsync(parsed, (store, password) => TreeRepository.OpenDamagedAsync(store, password, Options, context.Time, cancellationToken));

    /// <summary>Repairs the repository.</summary>
    /// <exception cref="BackupException">As <see cref="OpenAsync"/>.</exception>
    public Task<RepairReport> RepairAsync(ParseResult parsed, RepairOptions repair, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken) =>
        WithPasswordAsync(parsed, (store, password) => TreeRepository.RepairAsync(store, password, Options, repair, context.Time, progress, cancellationToken));

    /// <summary>The password that was given; for a new repository none is made up.</summary>
    /// <exception cref="BackupException">InvalidInput: none was given.</exception>
    public RepositoryPassword ReadPassword(ParseResult parsed) => TryReadPassword(parsed) ?? throw new BackupException(
        ErrorKind.InvalidInput, "A new repository needs a password, and none was given.", HowToGivePassword);

    private async Task<T> WithPasswordAsync<T>(ParseResult parsed, Func<IBlobStore, RepositoryPassword, Task<T>> open)
    {
        IBlobStore store = OpenStore(parsed);
        RepositoryPassword? password = TryReadPassword(parsed);
        try
        {
            return await open(store, password ?? RepositoryPassword.VeleroDefault);
        }
        catch (BackupException refused) when (refused.Kind == ErrorKind.WrongPassword && password is null)
        {
            throw new BackupException(refused.Kind, $"No password was given, and Velero's default does not open the repository in {store.DisplayName}.", HowToGivePassword, refused);
        }
    }

    private RepositoryPassword? TryReadPassword(ParseResult parsed) =>
        PasswordSource.TryRead(parsed.GetValue(connection.PasswordFile) is { } file ? Absolute(file) : null, Variable);

    /// <summary>A path as the user means it.</summary>
    public string Absolute(string path) => Path.GetFullPath(path, context.WorkingFolder);

    /// <summary>Where indexes are kept from one command to the next; null where there is no such place, because it only saves time.</summary>
    private string? TryMakeCacheFolder()
    {
        string? home = Variable("XDG_CACHE_HOME") ?? (Variable("HOME") is { } user ? Path.Combine(user, ".cache") : null);
        if (home is null || !Path.IsPathFullyQualified(home))
        {
            return null;
        }

        try
        {
            return Directory.CreateDirectory(Path.Combine(home, "backupctl", "indexes")).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string? Variable(string name) => context.Environment(name) is { Length: > 0 } value ? value : null;
}
