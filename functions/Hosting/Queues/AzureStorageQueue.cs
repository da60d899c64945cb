using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>Azure Storage queues, or Azurite's. Bodies travel as base64, as the Functions host expects them.</summary>
internal sealed class AzureStorageQueue : IMessageQueue
{
    // Known to every Azurite since 2021; nothing newer is used.
    private const QueueClientOptions.ServiceVersion Version = QueueClientOptions.ServiceVersion.V2021_02_12;
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(20);

    // Sends are tried again here, since the engine's caller would have to give up its run; all else is tried again by the pumps.
    private readonly QueueServiceClient patient;
    private readonly QueueServiceClient quick;
    private readonly ConcurrentDictionary<string, QueueClient> patientClients = [];
    private readonly ConcurrentDictionary<string, QueueClient> quickClients = [];

    public AzureStorageQueue(string connectionString, TimeSpan maxPollingInterval)
    {
        const int SendRetries = 5;
        MaxPollingInterval = maxPollingInterval;
        try
        {
            patient = new QueueServiceClient(connectionString, Options(SendRetries));
            quick = new QueueServiceClient(connectionString, Options(retries: 0));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            // The SDK's text may quote the string, which holds the key.
            throw new BackupException(
                ErrorKind.InvalidInput,
                "The queue's connection string is not valid.",
                "Set AzureWebJobsStorage to the connection string of a storage account, or to one with QueueEndpoint, AccountName and AccountKey.");
        }

        DisplayName = quick.Uri.GetLeftPart(UriPartial.Path);
    }

    public string DisplayName { get; }

    public TimeSpan MaxPollingInterval { get; }

    public Task SendAsync(QueueName queue, WorkMessage message, CancellationToken cancellationToken) =>
        SendBytesAsync(queue, MessageCodec.Write(message), cancellationToken);

    public Task SendBytesAsync(QueueName queue, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        CreatingAsync(patientClients, patient, queue, "send to", async client =>
        {
            await client.SendMessageAsync(Convert.ToBase64String(body.Span), TimeSpan.Zero, Forever, cancellationToken);
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<LeasedMessage>> ReceiveAsync(QueueName queue, int max, TimeSpan lease, CancellationToken cancellationToken) =>
        CreatingAsync<IReadOnlyList<LeasedMessage>>(quickClients, quick, queue, "receive from", async client =>
        {
            QueueMessage[] messages = await client.ReceiveMessagesAsync(max, lease, cancellationToken);
            return [.. messages.Select(message => new LeasedMessage(
                queue, message.MessageId, message.PopReceipt, Decode(message.MessageText), (int)message.DequeueCount))];
        }, cancellationToken);

    public async Task<LeasedMessage> RenewAsync(LeasedMessage message, TimeSpan lease, CancellationToken cancellationToken)
    {
        QueueClient client = Client(quickClients, quick, message.Queue);
        try
        {
            UpdateReceipt receipt = await client.UpdateMessageAsync(message.Id, message.Receipt, (string?)null, lease, cancellationToken);
            return message with { Receipt = receipt.PopReceipt };
        }
        catch (RequestFailedException e) when (IsGone(e))
        {
            throw new LeaseLostException(message.Queue, message.Id, forgotten: true);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            throw new LeaseLostException(message.Queue, message.Id, forgotten: false);
        }
        catch (Exception e) when (IsFromServer(e, cancellationToken))
        {
            throw Failure("renew a message of", message.Queue.Value, e);
        }
    }

    public async Task<bool> DeleteAsync(LeasedMessage message, CancellationToken cancellationToken)
    {
        QueueClient client = Client(patientClients, patient, message.Queue);
        try
        {
            await client.DeleteMessageAsync(message.Id, message.Receipt, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsGone(e) || e.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            return false;
        }
        catch (Exception e) when (IsFromServer(e, cancellationToken))
        {
            throw Failure("delete a message of", message.Queue.Value, e);
        }
    }

    public Task<long> CountAsync(QueueName queue, CancellationToken cancellationToken) =>
        CreatingAsync<long>(quickClients, quick, queue, "count", async client =>
        {
            QueueProperties properties = await client.GetPropertiesAsync(cancellationToken);
            return properties.ApproximateMessagesCount;
        }, cancellationToken);

    public Task CheckAsync(CancellationToken cancellationToken) => CountAsync(QueueName.BackupFinish, cancellationToken);

    /// <summary>Does it; where the queue is missing (first use, or an emulator that lost it), creates the queue and does it again.</summary>
    private async Task<T> CreatingAsync<T>(
        ConcurrentDictionary<string, QueueClient> clients, QueueServiceClient service, QueueName queue, string verb,
        Func<QueueClient, Task<T>> action, CancellationToken cancellationToken)
    {
        QueueClient client = Client(clients, service, queue);
        try
        {
            try
            {
                return await action(client);
            }
            catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                await client.CreateIfNotExistsAsync(metadata: null, cancellationToken);
                return await action(client);
            }
        }
        catch (Exception e) when (IsFromServer(e, cancellationToken))
        {
            throw Failure(verb, queue.Value, e);
        }
    }

    private static QueueClient Client(ConcurrentDictionary<string, QueueClient> clients, QueueServiceClient service, QueueName queue) =>
        clients.GetOrAdd(QueueNames.Checked(queue), static (name, from) => from.GetQueueClient(name), service);

    private static QueueClientOptions Options(int retries)
    {
        QueueClientOptions options = new(Version) { MessageEncoding = QueueMessageEncoding.None };
        options.Retry.MaxRetries = retries;
        options.Retry.Delay = TimeSpan.FromMilliseconds(300);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(5);
        options.Retry.NetworkTimeout = NetworkTimeout;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }

    /// <summary>Text that is no base64 is passed on as it is: the reader will refuse it and say why.</summary>
    private static byte[] Decode(string text)
    {
        byte[] buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out int length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);
    }

    private static bool IsGone(RequestFailedException e) =>
        e.ErrorCode == QueueErrorCode.MessageNotFound || e.ErrorCode == QueueErrorCode.QueueNotFound;

    private static bool IsFromServer(Exception e, CancellationToken cancellationToken) =>
        e is RequestFailedException or AggregateException or IOException or HttpRequestException
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private BackupException Failure(string verb, string queue, Exception cause)
    {
        Exception last = cause is AggregateException { InnerExceptions: [.., Exception newest] } ? newest : cause;
        (ErrorKind kind, string reason) = last switch
        {
            RequestFailedException { Status: 401 or 403 } e => (ErrorKind.AccessDenied, $"{e.Status} {e.ErrorCode}"),
            RequestFailedException { Status: 408 or 429 or >= 500 } e => (ErrorKind.Unavailable, $"{e.Status} {e.ErrorCode}"),
            RequestFailedException { Status: not 0 } e => (ErrorKind.InvalidInput, $"{e.Status} {e.ErrorCode}"),
            OperationCanceledException => (ErrorKind.Unavailable, $"no answer within {NetworkTimeout.TotalSeconds} s"),
            _ when last.GetBaseException() is SocketException socket => (ErrorKind.Unavailable, socket.SocketErrorCode.ToString()),
            _ => (ErrorKind.Unavailable, last.GetType().Name),
        };

        // Without the cause: the SDK's texts quote headers and bodies of requests.
        return new BackupException(
            kind,
            $"Cannot {verb} queue {queue} at {DisplayName}: {reason}.",
            kind == ErrorKind.Unavailable ? "See that the queue server runs and can be reached; work goes on by itself then." : "Check the connection string in AzureWebJobsStorage.");
    }
}
