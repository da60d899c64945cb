using System.Diagnostics;
using System.Net.Sockets;

namespace BackupFunctions.Tests.Peers.Processes;

/// <summary>Waits for servers that are starting.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer is yes; a process that ends meanwhile, or the time limit, is an error with its log.</summary>
    public static async Task WaitAsync(
        string what,
        Func<CancellationToken, Task<bool>> isReady,
        TimeSpan limit,
        IReadOnlyList<ServerProcess> processes,
        CancellationToken cancellationToken = default)
    {
        var watch = Stopwatch.StartNew();
        var lastError = "it answered that it is not ready";
        while (true)
        {
            try
            {
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                attempt.CancelAfter(TimeSpan.FromSeconds(10));
                if (await isReady(attempt.Token))
                {
                    return;
                }
            }
            catch (Exception exception) when (IsOfAServerThatStarts(exception) && !cancellationToken.IsCancellationRequested)
            {
                lastError = exception.Message;
            }

            var ended = processes.FirstOrDefault(process => process.HasExited);
            if (ended is not null || watch.Elapsed > limit)
            {
                var problem = ended is not null ? $"{ended.Name} ended" : $"still not there after {limit.TotalSeconds:0} s ({lastError})";
                var logs = processes.Select(process => $"--- {process.Name}\n{process.LastLines()}");
                throw new PeerException($"{what}: {problem}\n{string.Join('\n', logs)}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public static Func<CancellationToken, Task<bool>> PortAnswers(int port) => async cancellationToken =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        return true;
    };

    private static bool IsOfAServerThatStarts(Exception exception) =>
        exception is HttpRequestException or SocketException or IOException or OperationCanceledException;
}
