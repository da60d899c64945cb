using System.Runtime.CompilerServices;

namespace BackupFunctions.Engine.Catalog.Files;

/// <summary>Reads something for each folder of a listing, several at the same time, and gives the results in the listing's order.</summary>
internal static class FolderReads
{
    public static async IAsyncEnumerable<T> InOrderAsync<T>(
        IAsyncEnumerable<string> folders,
        int atOnce,
        Func<string, CancellationToken, Task<T>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<T>> running = new();
        try
        {
            await foreach (string folder in folders.WithCancellation(cancellationToken))
            {
                running.Enqueue(read(folder, stop.Token));
                if (running.Count == atOnce)
                {
                    yield return await running.Dequeue();
                }
            }

            while (running.TryDequeue(out Task<T>? next))
            {
                yield return await next;
            }
        }
        finally
        {
            // The reader left early or one read failed: the others are stopped and awaited, their results are of no use to anybody.
            await stop.CancelAsync();
            foreach (Task<T> task in running)
            {
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
