using Azure.Storage.Queues;
using Xunit;

namespace BackupFunctions.Tests.Peers.Smoke;

public sealed class AzuriteServerTests
{
    [PeerFact(Peer.Azurite)]
    public async Task A_message_sent_is_received_and_gone_once_deleted()
    {
        var azurite = await SharedPeers.AzuriteAsync();
        var queue = new QueueClient(azurite.ConnectionString, $"smoke-{Guid.NewGuid():n}");
        await queue.CreateAsync();

        await queue.SendMessageAsync("hello");
        var message = (await queue.ReceiveMessageAsync()).Value;
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);

        Assert.Equal("hello", message.MessageText);
        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [PeerFact(Peer.Azurite)]
    public async Task Killed_and_restarted_it_answers_on_the_same_endpoint()
    {
        using var azurite = await AzuriteServer.StartAsync();
        var options = new QueueClientOptions();
        options.Retry.MaxRetries = 0;
        var queue = new QueueClient(azurite.ConnectionString, "smoke", options);

        azurite.Kill();
        await Assert.ThrowsAnyAsync<Exception>(() => queue.CreateIfNotExistsAsync());
        await azurite.RestartAsync();
        await queue.CreateIfNotExistsAsync();

        Assert.True(await queue.ExistsAsync());
    }
}
