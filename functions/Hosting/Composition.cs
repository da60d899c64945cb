using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.App.Hosting.Settings;
using BackupFunctions.App.Http;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.App.Hosting;

/// <summary>Puts the engine and the functions together. Nothing is asked of a server here: all that can fail later is tried later.</summary>
internal static class Composition
{
    public static IMessageQueue OpenQueues(AppSettings settings, TimeProvider time) =>
        settings.QueueConnection is { } connection
            ? new AzureStorageQueue(connection.Reveal(), settings.Pumps.MaxPollingInterval)
            : new FolderQueue(settings.QueueFolder!, time); // one of the two is always set

    public static IEnumerable<object> CreateFunctions(AppParts parts)
    {
        IBlobStore store = BlobStoreFactory.Open(parts.Settings.Store, parts.Settings.StoreCredentials, new BlobStoreOptions(), parts.Time);
        IBlobStore impatientStore = BlobStoreFactory.Open(
            parts.Settings.Store, parts.Settings.StoreCredentials, new BlobStoreOptions { MaxAttempts = 1 }, parts.Time);
        return [new HealthFunction(impatientStore, parts.Messages, parts.Time)];
    }
}
