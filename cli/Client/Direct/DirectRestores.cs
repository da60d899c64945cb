using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Restores;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>The restores of a store.</summary>
/// <param name="reader">Reads them.</param>
/// <param name="deleter">Deletes them.</param>
/// <param name="works">Opens what works on a cluster, for what needs one.</param>
internal sealed class DirectRestores(RestoreReader reader, RestoreDeleter deleter, Func<DirectWorks> works) : IRunClient<VeleroRestore>
{
    public async IAsyncEnumerable<VeleroRestore> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RestoreEntry entry in reader.ListAsync(cancellationToken))
        {
            // Velero keeps no Restore object in the bucket: of its restores only name and files are known.
            yield return entry.Restore ?? new VeleroRestore
            {
                Metadata = new ObjectMetadata { Name = entry.Name, Namespace = VeleroNames.DefaultNamespace },
                Status = new RestoreStatus { Phase = entry.Problem is null ? null : RestorePhase.Failed, FailureReason = entry.Problem?.Message },
            };
        }
    }

    public Task<VeleroRestore> GetAsync(string name, CancellationToken cancellationToken) => reader.GetAsync(RestoreName.Parse(name), cancellationToken);

    public Task<VeleroRestore> CreateAsync(VeleroRestore value, CancellationToken cancellationToken) => works().RestoreStarter.StartAsync(value, cancellationToken);

    public async Task<string> DescribeAsync(string name, bool details, CancellationToken cancellationToken)
    {
        RestoreName parsed = RestoreName.Parse(name);
        VeleroRestore restore = await reader.GetAsync(parsed, cancellationToken);
        RestoreDetails all = RestorePhase.IsFinished(restore.Status.Phase) ? await reader.Catalog.ReadDetailsAsync(parsed, cancellationToken) : new RestoreDetails { Restore = restore };
        using StringWriter text = new() { NewLine = "\n" };
        RestoreDescription.Write(text, all, details);
        return text.ToString();
    }

    public async Task<Stream> OpenLogAsync(string name, CancellationToken cancellationToken) =>
        await reader.Catalog.TryOpenLogAsync(RestoreName.Parse(name), cancellationToken)
        ?? throw new BackupException(ErrorKind.NotFound, $"Restore {name} has no log.", "'backupctl restore describe' says what is known of it.");

    public Task CancelAsync(string name, CancellationToken cancellationToken) =>
        works().Dispatcher.CancelAsync(new RunId(RunKind.Restore, RestoreName.Parse(name).ToString()), cancellationToken);

    public async Task<IReadOnlyList<RunItem>?> ReadItemsAsync(string name, CancellationToken cancellationToken) =>
        DirectItems.Of(await reader.TryReadStatesAsync(RestoreName.Parse(name), cancellationToken));

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => deleter.DeleteAsync(RestoreName.Parse(name), cancellationToken);
}
