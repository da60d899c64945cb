using BackupFunctions.Tests.Peers.Processes;

namespace BackupFunctions.Tests.Peers.Kopia;

/// <summary>
/// One connection of the real kopia to a repository, with a configuration, caches and logs of its own. Kopia keeps listings for
/// half a minute, so whoever changed the repository otherwise makes a new connection. Nothing is asked of the network, and
/// maintenance runs only when it is told to.
/// </summary>
internal sealed class KopiaProgram : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _home = Directory.CreateTempSubdirectory("bf-kopia-").FullName;
    private readonly string _password;

    private KopiaProgram(string password) => _password = password;

    /// <summary>A connection to a repository that is there.</summary>
    public static async Task<KopiaProgram> ConnectAsync(KopiaPlace place, KopiaIdentity identity, string password)
    {
        KopiaProgram program = new(password);
        await program.RunAsync(KopiaCommands.Connect(place, identity));
        return program;
    }

    /// <summary>A connection to a new repository.</summary>
    public static async Task<KopiaProgram> CreateAsync(KopiaPlace place, KopiaIdentity identity, string password, int formatVersion, string hash, string encryption, string splitter)
    {
        KopiaProgram program = new(password);
        await program.RunAsync(KopiaCommands.Create(place, identity, formatVersion, hash, encryption, splitter));
        return program;
    }

    /// <summary>The arguments of a whole run: what is global comes before the command.</summary>
    public static IReadOnlyList<string> Arguments(string home, IReadOnlyList<string> command) =>
    [
        $"--config-file={Path.Combine(home, "repository.config")}",
        $"--log-dir={Path.Combine(home, "logs")}",
        "--no-progress",
        "--no-auto-maintenance",
        .. command,
    ];

    public static IReadOnlyDictionary<string, string> Environment(string home, string password) => new Dictionary<string, string>
    {
        ["HOME"] = home,
        ["KOPIA_PASSWORD"] = password,
        ["KOPIA_PERSIST_CREDENTIALS_ON_CONNECT"] = "false",
        ["KOPIA_CACHE_DIRECTORY"] = Path.Combine(home, "cache"),
        ["KOPIA_CHECK_FOR_UPDATES"] = "false",
    };

    /// <exception cref="PeerException">Kopia failed, or took too long.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> command)
    {
        using CancellationTokenSource limit = new(Limit);
        string what = $"kopia {string.Join(' ', command)}";
        try
        {
            ToolRun run = await ToolRun.RunAsync(Programs.Require("kopia"), Arguments(_home, command), Environment(_home, _password), limit.Token);
            return run.ThrowIfFailed(what).Output;
        }
        catch (OperationCanceledException)
        {
            throw new PeerException($"{what} takes longer than {Limit.TotalSeconds:0} s");
        }
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
