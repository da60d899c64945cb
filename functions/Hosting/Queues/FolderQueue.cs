using System.Globalization;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>
/// Durable queues in a folder, for one machine. Each queue is a sub-folder, each message a file called
/// <c>ID.COUNT.VISIBLE</c>: how often it was taken, and from when on (milliseconds since 1970) it may be taken. Every step is one
/// rename (or unlink) of exactly that name, so that of many processes one wins and the others find nothing under the old name:
/// the file's name is the receipt. A killed process leaves names whose time simply comes.
/// </summary>
internal sealed class FolderQueue(string folder, TimeProvider time) : IMessageQueue
{
    private const string NewPrefix = "new-";
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    public string DisplayName => folder;

    /// <summary>A look costs a listing of a local folder.</summary>
    public TimeSpan MaxPollingInterval => TimeSpan.FromMilliseconds(500);

    public Task SendAsync(QueueName queue, WorkMessage message, CancellationToken cancellationToken) =>
        SendBytesAsync(queue, MessageCodec.Write(message), cancellationToken);

    public async Task SendBytesAsync(QueueName queue, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        string id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"); // sorts by time
        try
        {
            string directory = DirectoryOf(queue);
            string unfinished = Path.Combine(directory, NewPrefix + id);
            string target = Path.Combine(directory, new MessageFileName(id, 0, 0).ToString());
            await using (FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(body, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, target);
            FolderSync.Flush(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFailure.Of(folder, e);
        }
    }

    public async Task<IReadOnlyList<LeasedMessage>> ReceiveAsync(QueueName queue, int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(queue, max, lease, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFailure.Of(folder, e);
        }
    }

    private async Task<IReadOnlyList<LeasedMessage>> TakeAsync(QueueName queue, int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        string directory = DirectoryOf(queue);
        DateTimeOffset now = time.GetUtcNow();
        List<LeasedMessage> taken = [];
        foreach (MessageFileName name in OldestVisible(directory, max, now))
        {
            MessageFileName mine = name with { Count = name.Count + 1, VisibleAt = (now + lease).ToUnixTimeMilliseconds() };
            if (!TryRename(directory, name, mine))
            {
                continue; // another process was quicker
            }

            byte[] body = await File.ReadAllBytesAsync(Path.Combine(directory, mine.ToString()), cancellationToken);
            taken.Add(new LeasedMessage(queue, mine.Id, mine.ToString(), body, mine.Count));
        }

        return taken;
    }

    public Task<LeasedMessage> RenewAsync(LeasedMessage message, TimeSpan lease, CancellationToken cancellationToken) => Guarded(() =>
    {
        string directory = DirectoryOf(message.Queue);
        MessageFileName old = MessageFileName.Parse(message.Receipt);
        MessageFileName renewed = old with { VisibleAt = (time.GetUtcNow() + lease).ToUnixTimeMilliseconds() };
        if (old != renewed && !TryRename(directory, old, renewed))
        {
            throw new LeaseLostException(message.Queue, message.Id, forgotten: !Directory.EnumerateFiles(directory, $"{old.Id}.*").Any());
        }

        return message with { Receipt = renewed.ToString() };
    });

    public Task<bool> DeleteAsync(LeasedMessage message, CancellationToken cancellationToken) => Guarded(() =>
    {
        string directory = DirectoryOf(message.Queue);

        // File.Delete does not say whether there was a file, a rename does.
        string gone = Path.Combine(directory, NewPrefix + message.Id);
        try
        {
            File.Move(Path.Combine(directory, message.Receipt), gone, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        File.Delete(gone);
        FolderSync.Flush(directory);
        return true;
    });

    public Task<long> CountAsync(QueueName queue, CancellationToken cancellationToken) =>
        Guarded(() => Names(DirectoryOf(queue)).LongCount());

    public Task CheckAsync(CancellationToken cancellationToken) => Guarded(() => Directory.CreateDirectory(folder));

    private Task<T> Guarded<T>(Func<T> action)
    {
        try
        {
            return Task.FromResult(action());
        }
        catch (LeaseLostException e)
        {
            return Task.FromException<T>(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromException<T>(FolderFailure.Of(folder, e));
        }
    }

    /// <summary>The first <paramref name="max"/> messages by age; a full listing, but only so many are kept.</summary>
    private List<MessageFileName> OldestVisible(string directory, int max, DateTimeOffset now)
    {
        long nowMilliseconds = now.ToUnixTimeMilliseconds();
        PriorityQueue<MessageFileName, string> oldest = new(Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a)));
        foreach (MessageFileName name in Names(directory))
        {
            if (name.VisibleAt <= nowMilliseconds)
            {
                oldest.Enqueue(name, name.Id);
                if (oldest.Count > max)
                {
                    oldest.Dequeue();
                }
            }
        }

        List<MessageFileName> result = [];
        while (oldest.TryDequeue(out MessageFileName? name, out _))
        {
            result.Add(name);
        }

        result.Reverse();
        return result;
    }

    private IEnumerable<MessageFileName> Names(string directory)
    {
        foreach (string path in Directory.EnumerateFiles(directory))
        {
            string file = Path.GetFileName(path);
            if (MessageFileName.TryParse(file, out MessageFileName? name))
            {
                yield return name;
            }
            else if (file.StartsWith(NewPrefix, StringComparison.Ordinal) && File.GetLastWriteTimeUtc(path) < time.GetUtcNow().UtcDateTime - AbandonedAfter)
            {
                File.Delete(path); // its writer was killed before the message was accepted, or while it was deleting it
            }
        }
    }

    private static bool TryRename(string directory, MessageFileName from, MessageFileName to)
    {
        try
        {
            File.Move(Path.Combine(directory, from.ToString()), Path.Combine(directory, to.ToString()), overwrite: true);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private string DirectoryOf(QueueName queue)
    {
        string directory = Path.Combine(folder, QueueNames.Checked(queue));
        Directory.CreateDirectory(directory);
        return directory;
    }

    /// <summary>Name of a message's file.</summary>
    private sealed record MessageFileName(string Id, int Count, long VisibleAt)
    {
        public static MessageFileName Parse(string text) =>
            TryParse(text, out MessageFileName? name) ? name : throw new ArgumentException($"'{text}' is no receipt of this queue.", nameof(text));

        public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MessageFileName? name)
        {
            name = null;
            string[] parts = text.Split('.');
            if (parts.Length == 3
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long visibleAt))
            {
                name = new MessageFileName(parts[0], count, visibleAt);
            }

            return name is not null;
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}.{Count}.{VisibleAt}");
    }
}
