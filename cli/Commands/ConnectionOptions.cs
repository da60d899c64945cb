using System.CommandLine;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary>The options of all commands: what they talk to. Secrets come from files and environment only: arguments show in process lists.</summary>
internal sealed class ConnectionOptions
{
    public const string ServerVariable = "BACKUP_FUNCTIONS_URL";
    public const string KeyVariable = "BACKUP_FUNCTIONS_KEY";
    public const string DefaultServer = "http://127.0.0.1:7071";

    public Option<string?> Server { get; } = Text("--server", "URL", $"Address of the function app [env {ServerVariable}; default {DefaultServer}]");

    public Option<string?> KeyFile { get; } = Text("--key-file", "FILE", $"File with the API key [env {KeyVariable} holds the key itself]");

    public Option<bool> Direct { get; } = new("--direct") { Description = "Work on the store and the cluster from here, without a function app", Recursive = true };

    public Option<string?> Store { get; } = Text("--store", "URL", "With --direct, and for repo: the store, file:///… or s3://bucket/prefix?endpoint=… [env BACKUP_STORE]");

    public Option<string?> Kubeconfig { get; } = Text("--kubeconfig", "FILE", "With --direct: the kubeconfig [env KUBECONFIG; default ~/.kube/config]");

    public Option<string?> Context { get; } = Text("--context", "NAME", "With --direct: context of the kubeconfig [default: its current one]");

    public Option<string?> ClusterFolder { get; } = Text("--cluster-folder", "DIR", "With --direct: a cluster in a folder instead of a kubeconfig");

    public Option<string?> VolumeMounts { get; } = Text("--volume-mounts", "LIST", "With --direct: where volumes are mounted here, server:/export=/mount;… [env BACKUP_VOLUME_MOUNTS]");

    public Option<string?> PasswordFile { get; } = Text("--password-file", "FILE", "With --direct, and for repo: file with the repository password [env REPOSITORY_PASSWORD; default Velero's]");

    public IEnumerable<Option> All => [Server, KeyFile, Direct, Store, Kubeconfig, Context, ClusterFolder, VolumeMounts, PasswordFile];

    /// <summary>Refuses options that have no effect together.</summary>
    /// <exception cref="BackupException">InvalidInput.</exception>
    public void Check(ParseResult parsed)
    {
        bool direct = parsed.GetValue(Direct);
        IEnumerable<Option> foreign = direct ? [Server, KeyFile] : [Store, Kubeconfig, Context, ClusterFolder, VolumeMounts, PasswordFile];
        if (foreign.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } wrong)
        {
            throw new BackupException(
                ErrorKind.InvalidInput,
                direct ? $"{wrong.Name} says where a function app is, but --direct works without one." : $"{wrong.Name} has an effect with --direct only.",
                direct ? $"Leave out {wrong.Name} or --direct." : $"Add --direct, or leave out {wrong.Name}; a function app has its own settings.");
        }
    }

    private static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description, Recursive = true };
}
