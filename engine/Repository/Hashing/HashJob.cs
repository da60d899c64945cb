namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>A content that waits for its name, beside others: see <see cref="IHashQueue"/>.</summary>
/// <param name="prefix">The name's letter, or '\0'.</param>
/// <param name="input">Its bytes, which stay as they are until the job is done.</param>
internal sealed class HashJob(char prefix, ReadOnlyMemory<byte> input)
{
    // What follows goes on elsewhere: whoever hashes has other jobs to do.
    private readonly TaskCompletionSource<ContentId> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadOnlyMemory<byte> Input => input;

    public Task<ContentId> Id => _id.Task;

    public void Complete(ReadOnlySpan<byte> hash) => _id.SetResult(new ContentId(prefix, hash));

    public void Fail(Exception error) => _id.TrySetException(error);
}
