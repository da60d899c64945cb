using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>The backups of a store.</summary>
/// <param name="reader">Reads them.</param>
/// <param name="deleter">Deletes them.</param>
/// <param name="works">Opens what works on a cluster, for what needs one.</param>
internal sealed class DirectBackups(BackupReader reader, Func<BackupDeleter> deleter, Func<DirectWorks> works) : IRunClient<VeleroBackup>
{
    public async IAsyncEnumerable<VeleroBackup> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BackupEntry entry in reader.ListAsync(cancellationToken))
        {
            yield return entry.Backup ?? new VeleroBackup
            {
                Metadata = new ObjectMetadata { Name = entry.Name, Namespace = VeleroNames.DefaultNamespace },
                Status = new BackupStatus { Phase = BackupPhase.Failed, FailureReason = entry.Problem?.Message },
            };
        }
    }

    public Task<VeleroBackup> GetAsync(string name, CancellationToken cancellationToken) => reader.GetAsync(BackupName.Parse(name), cancellationToken);

    public Task<VeleroBackup> CreateAsync(VeleroBackup value, CancellationToken cancellationToken) => works().BackupStarter.StartAsync(value, strict: true, cancellationToken);

    public async Task<string> DescribeAsync(string name, bool details, CancellationToken cancellationToken)
    {
        BackupName parsed = BackupName.Parse(name);
        VeleroBackup backup = await reader.GetAsync(parsed, cancellationToken);
        BackupDetails all = BackupPhase.IsRunning(backup.Status.Phase) ? new BackupDetails { Backup = backup } : await reader.Catalog.ReadDetailsAsync(parsed, cancellationToken);
        using StringWriter text = new() { NewLine = "\n" };
        BackupDescription.Write(text, all, details);
        return text.ToString();
    }

    public async Task<Stream> OpenLogAsync(string name, CancellationToken cancellationToken) =>
        await reader.Catalog.TryOpenLogAsync(BackupName.Parse(name), cancellationToken)
        ?? throw new BackupException(ErrorKind.NotFound, $"Backup {name} has no log.", "'backupctl backup describe' says what is known of it.");

    public Task CancelAsync(string name, CancellationToken cancellationToken) =>
        works().Dispatcher.CancelAsync(new RunId(RunKind.Backup, BackupName.Parse(name).ToString()), cancellationToken);

    public async Task<IReadOnlyList<RunItem>?> ReadItemsAsync(string name, CancellationToken cancellationToken) =>
        DirectItems.Of(await reader.TryReadStatesAsync(BackupName.Parse(name), cancellationToken));

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => deleter().DeleteAsync(BackupName.Parse(name), cancellationToken);
}
