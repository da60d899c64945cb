using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BackupFunctions.Tests.Engine.Storage.S3;

/// <summary>
/// A small HTTP server for answers that a real one will not give on demand. Each request goes to the test's handler, which
/// writes raw bytes; then the connection is closed.
/// </summary>
internal sealed class MisbehavingServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<Request, Task> handler;
    private readonly X509Certificate2? certificate;
    private readonly Task accepting;
    private int requests;

    public MisbehavingServer(Func<Request, Task> handler, X509Certificate2? certificate = null)
    {
        this.handler = handler;
        this.certificate = certificate;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"{(certificate is null ? "http" : "https")}://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public int Requests => requests;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stopping.Token);
                connections.Add(ServeAsync(client));
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    SslStream secure = new(stream);
                    await secure.AuthenticateAsServerAsync(certificate);
                    stream = secure;
                }

                Request request = await ReadAsync(stream, Interlocked.Increment(ref requests), stopping.Token);
                await handler(request);
                await stream.FlushAsync(stopping.Token);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private static async Task<Request> ReadAsync(Stream stream, int number, CancellationToken cancellationToken)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            head.Add(one[0]);
        }

        string[] lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        if (headers.ContainsKey("Expect"))
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
        }

        int length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        await stream.ReadExactlyAsync(new byte[length], cancellationToken);
        return new Request(number, lines[0], headers, stream, cancellationToken);
    }

    /// <param name="Number">1 for the server's first request.</param>
    /// <param name="Line">Method, path and version.</param>
    /// <param name="Headers">By name, in any case.</param>
    internal sealed record Request(int Number, string Line, IReadOnlyDictionary<string, string> Headers, Stream Connection, CancellationToken Stopping)
    {
        public Task AnswerAsync(string head, ReadOnlyMemory<byte> body = default) =>
            AnswerAsync(head, body.Length, body);

        /// <summary>Announces a length and sends what there is.</summary>
        public async Task AnswerAsync(string head, long length, ReadOnlyMemory<byte> body)
        {
            string text = $"HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n";
            await Connection.WriteAsync(Encoding.Latin1.GetBytes(text), Stopping);
            await Connection.WriteAsync(body, Stopping);
            await Connection.FlushAsync(Stopping);
        }

        public Task HangAsync() => Task.Delay(Timeout.Infinite, Stopping);
    }
}
