using System.Collections.Concurrent;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Queues;

/// <summary>What every <see cref="IMessageQueue"/> must do.</summary>
public sealed class MessageQueueTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task A_message_comes_as_it_was_sent_and_is_gone_when_deleted(string kind)
    {
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);
        await test.SendAsync("<ä> & \u0001");

        LeasedMessage message = Assert.Single(await test.ReceiveAsync(max: 32));

        Assert.Equal("<ä> & \u0001", QueueUnderTest.Text(message));
        Assert.Equal(1, message.DequeueCount);
        Assert.True(await test.Queue.DeleteAsync(message, None));
        Assert.Equal(0, await test.Queue.CountAsync(test.Name, None));
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task A_taken_message_is_hidden_and_comes_back_when_its_lease_ends(string kind)
    {
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);
        await test.SendAsync("a");
        LeasedMessage first = Assert.Single(await test.ReceiveAsync(leaseSeconds: 2));

        Assert.Empty(await test.ReceiveAsync());
        Assert.Equal(1, await test.Queue.CountAsync(test.Name, None));
        LeasedMessage again = await test.ReceiveOneAsync();

        Assert.Equal((first.Id, 2), (again.Id, again.DequeueCount));
        Assert.False(await test.Queue.DeleteAsync(first, None));
        LeaseLostException lost = await Assert.ThrowsAsync<LeaseLostException>(() => test.Queue.RenewAsync(first, TimeSpan.FromSeconds(9), None));
        Assert.False(lost.Forgotten);
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task Renewing_keeps_a_message_hidden_and_gives_a_new_receipt(string kind)
    {
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);
        await test.SendAsync("a");
        LeasedMessage taken = Assert.Single(await test.ReceiveAsync(leaseSeconds: 1));

        LeasedMessage renewed = await test.Queue.RenewAsync(taken, TimeSpan.FromSeconds(30), None);
        await Task.Delay(1500);

        Assert.Empty(await test.ReceiveAsync());
        Assert.NotEqual(taken.Receipt, renewed.Receipt);
        Assert.False(await test.Queue.DeleteAsync(taken, None));
        Assert.Equal("a", QueueUnderTest.Text(renewed));
        Assert.True(await test.Queue.DeleteAsync(renewed, None));
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task A_message_given_back_can_be_taken_at_once(string kind)
    {
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);
        await test.SendAsync("a");
        LeasedMessage taken = Assert.Single(await test.ReceiveAsync());

        await test.Queue.RenewAsync(taken, TimeSpan.Zero, None);

        Assert.Equal(2, Assert.Single(await test.ReceiveAsync()).DequeueCount);
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task The_lease_of_a_deleted_message_is_forgotten(string kind)
    {
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);
        await test.SendAsync("a");
        LeasedMessage taken = Assert.Single(await test.ReceiveAsync());
        await test.Queue.DeleteAsync(taken, None);

        LeaseLostException lost = await Assert.ThrowsAsync<LeaseLostException>(() => test.Queue.RenewAsync(taken, TimeSpan.FromSeconds(9), None));

        Assert.True(lost.Forgotten);
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task Many_takers_get_each_message_once(string kind)
    {
        const int Count = 120;
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), async (number, _) => await test.SendAsync($"{number}"));
        ConcurrentBag<string> taken = [];

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            while (await test.ReceiveAsync(max: 5) is { Count: > 0 } messages)
            {
                foreach (LeasedMessage message in messages)
                {
                    taken.Add(QueueUnderTest.Text(message));
                }
            }
        }));

        Assert.Equal(Enumerable.Range(0, Count).Select(number => $"{number}").Order(), taken.Order());
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task A_queue_that_nobody_made_is_empty(string kind)
    {
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);

        Assert.Empty(await test.ReceiveAsync());
        Assert.Equal(0, await test.Queue.CountAsync(test.Name, None));
    }

    [Theory]
    [InlineData(QueueUnderTest.Folder)]
    [AzuriteData]
    public async Task A_name_that_is_none_of_a_queue_is_refused(string kind)
    {
        using QueueUnderTest test = await QueueUnderTest.OpenAsync(kind);

        BackupException e = await Assert.ThrowsAsync<BackupException>(() => test.Queue.SendBytesAsync(new QueueName("../up"), new byte[1], None));

        Assert.Equal(ErrorKind.InvalidInput, e.Kind);
    }
}
