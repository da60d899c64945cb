using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Queues;

public sealed class FolderQueueTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly QueueName Queue = new("work");
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bf-queue-");
    private readonly ManualTimeProvider time = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Another_process_finds_what_a_killed_one_had_taken_when_the_lease_has_ended()
    {
        await Open().SendBytesAsync(Queue, new byte[] { 7 }, None);
        Assert.Single(await Open().ReceiveAsync(Queue, 1, Lease, None));
        FolderQueue other = Open();

        time.Advance(Lease - TimeSpan.FromSeconds(1));
        Assert.Empty(await other.ReceiveAsync(Queue, 1, Lease, None));
        time.Advance(TimeSpan.FromSeconds(1));

        LeasedMessage message = Assert.Single(await other.ReceiveAsync(Queue, 1, Lease, None));
        Assert.Equal(2, message.DequeueCount);
        Assert.Equal([7], message.Body.ToArray());
    }

    [Fact]
    public async Task Old_messages_come_first()
    {
        FolderQueue queue = Open();
        for (byte number = 0; number < 20; number++)
        {
            await queue.SendBytesAsync(Queue, new[] { number }, None);
            time.Advance(TimeSpan.FromMilliseconds(5));
        }

        IReadOnlyList<LeasedMessage> taken = await queue.ReceiveAsync(Queue, 3, Lease, None);

        Assert.Equal([0, 1, 2], taken.Select(message => message.Body.Span[0]));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_told_as_such()
    {
        string file = Path.Combine(folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        FolderQueue queue = new(file, time);

        foreach (Func<Task> action in (Func<Task>[])
            [() => queue.SendBytesAsync(Queue, new byte[1], None), () => queue.ReceiveAsync(Queue, 1, Lease, None), () => queue.CountAsync(Queue, None), () => queue.CheckAsync(None)])
        {
            BackupException e = await Assert.ThrowsAsync<BackupException>(action);
            Assert.Equal(ErrorKind.Unavailable, e.Kind);
            Assert.Contains(file, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_killed_sender_left_half_written_is_no_message_and_is_removed_later()
    {
        FolderQueue queue = Open();
        await queue.CountAsync(Queue, None);
        string left = Path.Combine(folder.FullName, Queue.Value, "new-0123");
        await File.WriteAllTextAsync(left, "{");
        File.SetLastWriteTimeUtc(left, time.GetUtcNow().UtcDateTime);

        Assert.Equal(0, await queue.CountAsync(Queue, None));
        Assert.True(File.Exists(left));
        time.Advance(TimeSpan.FromHours(2));
        await queue.CountAsync(Queue, None);

        Assert.False(File.Exists(left));
    }

    private FolderQueue Open() => new(folder.FullName, time);
}
