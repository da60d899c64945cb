using System.Text;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Work;
using BackupFunctions.Tests.Peers;

namespace BackupFunctions.Tests.Functions.Hosting.Queues;

/// <summary>One kind of queue, and a queue name that nobody else uses.</summary>
internal sealed class QueueUnderTest : IDisposable
{
    public const string Azurite = "azurite";
    public const string Folder = "folder";

    private readonly DirectoryInfo? folder;

    private QueueUnderTest(IMessageQueue queue, DirectoryInfo? folder) => (Queue, this.folder) = (queue, folder);

    public IMessageQueue Queue { get; }

    public QueueName Name { get; } = new($"t-{Guid.NewGuid():N}");

    public static async Task<QueueUnderTest> OpenAsync(string kind)
    {
        if (kind == Azurite)
        {
            return On(await SharedPeers.AzuriteAsync());
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("bf-queue-");
        return new QueueUnderTest(new FolderQueue(folder.FullName, TimeProvider.System), folder);
    }

    public static QueueUnderTest On(AzuriteServer server) =>
        new(new AzureStorageQueue(server.ConnectionString, TimeSpan.FromMilliseconds(200)), null);

    public Task SendAsync(string text) => Queue.SendBytesAsync(Name, Encoding.UTF8.GetBytes(text), CancellationToken.None);

    public Task SendWorkAsync(string name) => Queue.SendAsync(Name, new WorkMessage { Run = "backup", Name = name, Item = "i" }, CancellationToken.None);

    public Task<IReadOnlyList<LeasedMessage>> ReceiveAsync(int max = 1, double leaseSeconds = 30) =>
        Queue.ReceiveAsync(Name, max, TimeSpan.FromSeconds(leaseSeconds), CancellationToken.None);

    /// <summary>Waits until a message can be taken; fails after 20 seconds.</summary>
    public async Task<LeasedMessage> ReceiveOneAsync(QueueName? from = null)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await Queue.ReceiveAsync(from ?? Name, 1, TimeSpan.FromSeconds(30), limit.Token) is [LeasedMessage message])
            {
                return message;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    public static string Text(LeasedMessage message) => Encoding.UTF8.GetString(message.Body.Span);

    public void Dispose()
    {
        if (folder is { FullName: var path } && Directory.Exists(path))
        {
            folder.Delete(recursive: true);
        }
    }
}
