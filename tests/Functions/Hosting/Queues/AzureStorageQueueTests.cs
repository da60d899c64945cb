using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Queues;

public sealed class AzureStorageQueueTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly QueueName Queue = new("work");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [PeerFact(Peer.Azurite)]
    public async Task A_dead_server_is_told_without_the_key_and_work_goes_on_when_it_is_back()
    {
        using AzuriteServer server = await AzuriteServer.StartAsync();
        AzureStorageQueue queue = new(server.ConnectionString, TimeSpan.FromSeconds(1));
        await queue.SendBytesAsync(Queue, new byte[] { 1 }, None);
        server.Kill();

        BackupException down = await Assert.ThrowsAsync<BackupException>(() => queue.ReceiveAsync(Queue, 1, Lease, None));
        await server.RestartAsync();
        await queue.SendBytesAsync(Queue, new byte[] { 2 }, None);

        Assert.Equal(ErrorKind.Unavailable, down.Kind);
        Assert.DoesNotContain(AzuriteServer.AccountKey, down.ToString(), StringComparison.Ordinal);
        Assert.Contains(await queue.ReceiveAsync(Queue, 32, Lease, None), message => message.Body.Span[0] == 2);
    }

    [PeerFact(Peer.Azurite)]
    public async Task A_send_waits_out_a_short_absence_of_the_server()
    {
        using AzuriteServer server = await AzuriteServer.StartAsync();
        AzureStorageQueue queue = new(server.ConnectionString, TimeSpan.FromSeconds(1));
        await queue.CheckAsync(None);
        server.Kill();

        Task sending = queue.SendBytesAsync(Queue, new byte[] { 1 }, None);
        await server.RestartAsync();
        await sending;

        Assert.Single(await queue.ReceiveAsync(Queue, 32, Lease, None));
    }

    [PeerFact(Peer.Azurite)]
    public async Task Messages_never_expire_and_travel_as_base64()
    {
        AzuriteServer server = await SharedPeers.AzuriteAsync();
        QueueName name = new($"t-{Guid.NewGuid():N}");
        AzureStorageQueue queue = new(server.ConnectionString, TimeSpan.FromSeconds(1));
        await queue.SendAsync(name, new WorkMessage { Run = "backup", Name = "b" }, None);

        Azure.Storage.Queues.QueueClient plain = new(server.ConnectionString, name.Value);
        Azure.Storage.Queues.Models.PeekedMessage message = await plain.PeekMessageAsync();

        Assert.Equal("""{"version":1,"run":"backup","name":"b"}""", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(message.MessageText)));
        Assert.True(message.ExpiresOn > new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [PeerFact(Peer.Azurite)]
    public async Task A_wrong_key_is_access_denied_and_is_not_shown()
    {
        AzuriteServer server = await SharedPeers.AzuriteAsync();
        string wrongKey = Convert.ToBase64String(new byte[32]);
        AzureStorageQueue queue = new(server.ConnectionString.Replace(AzuriteServer.AccountKey, wrongKey, StringComparison.Ordinal), TimeSpan.FromSeconds(1));

        BackupException e = await Assert.ThrowsAsync<BackupException>(() => queue.CheckAsync(None));

        Assert.Equal(ErrorKind.AccessDenied, e.Kind);
        Assert.DoesNotContain(wrongKey, e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0LWtleS1ieXRlcw")]
    [InlineData("AccountName=a;AccountKey=!!!notbase64!!!;QueueEndpoint=http://127.0.0.1:1/a")]
    public void A_malformed_connection_string_is_refused_without_being_shown(string text)
    {
        BackupException e = Assert.Throws<BackupException>(() => new AzureStorageQueue(text, TimeSpan.FromSeconds(1)));

        Assert.Equal(ErrorKind.InvalidInput, e.Kind);
        Assert.DoesNotContain(text, e.ToString(), StringComparison.Ordinal);
    }
}
