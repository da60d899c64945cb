using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage;

/// <summary>
/// Writes a blob that only one of many workers may write. Where the store decides conditional writes that is one request.
/// Elsewhere each writer puts a candidate beside the blob, waits, lists the candidates, and the lowest writer id writes the
/// blob. That is safe while a write takes less than <see cref="ClaimOptions.SettleTime"/>: who comes so late that the winner did
/// not see its candidate finds the winner's blob after its own wait.
/// </summary>
public sealed class ClaimWriter(IBlobStore store, ClaimOptions options, TimeProvider time)
{
    private const int WriterIdDigits = 32;

    private readonly string writerId = RandomNumberGenerator.GetHexString(WriterIdDigits, lowercase: true);

    /// <summary>Puts the content if nobody has put that blob. The content must name its writer, so that a repeated put is recognised.</summary>
    /// <returns>True for the one that wrote it, false for all others.</returns>
    public async Task<bool> TryClaimAsync(BlobName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (store.SupportsConditionalPut)
        {
            try
            {
                return await store.PutAsync(name, content, PutCondition.IfAbsent, cancellationToken);
            }
            catch (BackupException error) when (error.Kind == ErrorKind.Unsupported && !store.SupportsConditionalPut)
            {
                // The store has just found out that its server cannot.
            }
        }

        return await ClaimByCandidatesAsync(name, content, cancellationToken);
    }

    private async Task<bool> ClaimByCandidatesAsync(BlobName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (await store.TryGetInfoAsync(name, cancellationToken) is not null)
        {
            return false;
        }

        string folder = $"{name}.candidates/";
        BlobName candidate = BlobName.Parse(folder + writerId);
        await store.PutAsync(candidate, content, PutCondition.Always, cancellationToken);
        try
        {
            await Task.Delay(options.SettleTime, time, cancellationToken);
            BlobInfo? lowest = await store.ListAsync(folder, cancellationToken).FirstOrDefaultAsync(cancellationToken);
            if (lowest?.Name != candidate || await store.TryGetInfoAsync(name, cancellationToken) is not null)
            {
                return false;
            }

            return await store.PutAsync(name, content, PutCondition.Always, cancellationToken);
        }
        finally
        {
            // Also after a cancellation: a candidate that stays would win against all later ones and never write.
            await store.DeleteAsync(candidate, CancellationToken.None);
        }
    }
}
