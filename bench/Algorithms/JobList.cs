using BackupFunctions.Engine.Repository.Hashing;

namespace BackupFunctions.Bench.Algorithms;

/// <summary>Jobs that are all there from the start.</summary>
internal sealed class JobList(IEnumerable<HashJob> jobs) : IHashQueue
{
    private readonly Queue<HashJob> _jobs = new(jobs);

    public HashJob? TryTake() => _jobs.TryDequeue(out var job) ? job : null;
}
