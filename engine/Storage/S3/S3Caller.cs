using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>Makes one call: limits its time, tells a time-out from a cancellation, and translates its failure.</summary>
internal sealed class S3Caller(S3Errors errors, BlobStoreOptions options, TimeProvider time)
{
    /// <param name="uploadBytes">What the call sends, which may take its time.</param>
    internal async Task<T> CallAsync<T>(string action, string subject, long uploadBytes, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan limit = options.RequestTimeout + TimeSpan.FromSeconds((double)uploadBytes / options.SlowestUploadBytesPerSecond);
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await call(either.Token);
        }
        catch (Exception error) when (cancellationToken.IsCancellationRequested && error is not BackupException)
        {
            throw error as OperationCanceledException ?? new OperationCanceledException(error.Message, error, cancellationToken);
        }
        catch (Exception error) when (late.IsCancellationRequested && error is not BackupException)
        {
            throw errors.TimedOut(action, subject, limit);
        }
        catch (Exception error) when (error is Amazon.Runtime.AmazonClientException or Amazon.Runtime.AmazonServiceException
            or HttpRequestException or IOException or OperationCanceledException or System.Xml.XmlException)
        {
            throw errors.From(error, action, subject);
        }
    }
}
