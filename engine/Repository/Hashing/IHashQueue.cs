namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>Where a hasher that works on several inputs at a time gets the next one.</summary>
internal interface IHashQueue
{
    /// <summary>The next job, or null when none waits at this moment.</summary>
    HashJob? TryTake();
}
