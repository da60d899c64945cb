namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>Jobs that are hashed side by side. One caller at a time.</summary>
internal interface IHashBatch
{
    /// <summary>
    /// Works until its queue has nothing more. Should it fail, so do the jobs that it took.
    /// </summary>
    /// <param name="givesWay">Asked now and then while there are too few jobs to be worth it.</param>
    /// <returns>False when it gave way with jobs unfinished: to be called again.</returns>
    bool Run(Func<bool> givesWay);
}
