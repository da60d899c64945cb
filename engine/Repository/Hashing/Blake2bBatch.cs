namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// Hashes jobs of any lengths through four lanes: a job whose whole blocks are done gives its lane to the next one. They advance in
/// pieces, so that what arrives meanwhile finds its lane soon; while there are only one or two jobs they are hashed one by one, which
/// costs less than lanes beside idle ones.
/// </summary>
internal sealed class Blake2bBatch(Blake2bHasher hasher, IHashQueue queue) : IHashBatch
{
    private const int PieceBlocks = 512; // 64 KiB of each lane, some 100 microseconds
    private const int LeastActive = 3; // the work for four costs as much as that for three, one by one

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Blake2bLanes.Lanes).Select(static _ => new Lane())];

    private readonly ulong[] _states = new ulong[Blake2b.StateWords * Blake2bLanes.Lanes];
    private readonly ulong[] _counters = new ulong[Blake2bLanes.Lanes];

    public bool Run(Func<bool> givesWay)
    {
        try
        {
            while (Fill() is var active and > 0)
            {
                if (active < _lanes.Length && givesWay())
                {
                    return false;
                }

                int blocks = PieceBlocks;
                Lane busy = _lanes[0];
                foreach (Lane lane in _lanes)
                {
                    blocks = lane.IsIdle ? blocks : Math.Min(blocks, lane.BlocksLeft);
                    busy = lane.IsIdle ? busy : lane;
                }

                Compress(active, busy, blocks);
                Advance(blocks);
            }

            return true;
        }
        catch (Exception error)
        {
            foreach (Lane lane in _lanes)
            {
                lane.Job?.Fail(error);
            }

            throw;
        }
    }

    // Gives every idle lane a job that has a block before its last; shorter ones are hashed on the way.
    private int Fill()
    {
        Span<byte> digest = stackalloc byte[hasher.HashLength];
        int active = 0;
        for (int i = 0; i < _lanes.Length; i++)
        {
            while (_lanes[i].IsIdle && queue.TryTake() is { } job)
            {
                _lanes[i].Start(job);
                if (!_lanes[i].IsIdle)
                {
                    (ReadOnlyMemory<ulong> start, int bytes) = hasher.Start;
                    Insert(start.Span, i);
                    _counters[i] = (ulong)bytes + Blake2b.BlockBytes;
                    break;
                }

                hasher.Hash(job.Input.Span, digest);
                _lanes[i].End(digest);
            }

            active += _lanes[i].IsIdle ? 0 : 1;
        }

        return active;
    }

    private void Compress(int active, Lane busy, int blocks)
    {
        if (active >= LeastActive)
        {
            // An idle lane works on another's bytes, and nobody looks at what comes out.
            Blake2bLanes.Compress(
                _states, _counters, blocks, _lanes[0].RestOr(busy), _lanes[1].RestOr(busy), _lanes[2].RestOr(busy), _lanes[3].RestOr(busy));
            return;
        }

        Span<ulong> state = stackalloc ulong[Blake2b.StateWords];
        for (int i = 0; i < _lanes.Length; i++)
        {
            if (!_lanes[i].IsIdle)
            {
                Extract(i, state);
                Blake2b.Compress(state, _lanes[i].Rest[..(blocks * Blake2b.BlockBytes)], _counters[i], last: false);
                Insert(state, i);
                _counters[i] += (ulong)blocks * Blake2b.BlockBytes;
            }
        }
    }

    private void Advance(int blocks)
    {
        Span<byte> digest = stackalloc byte[hasher.HashLength];
        Span<ulong> state = stackalloc ulong[Blake2b.StateWords];
        for (int i = 0; i < _lanes.Length; i++)
        {
            Lane lane = _lanes[i];
            if (lane.Job is not { } job)
            {
                continue;
            }

            lane.Advance(blocks);
            if (lane.IsIdle)
            {
                Extract(i, state);
                hasher.Finish(state, lane.Rest, job.Input.Length, digest);
                lane.End(digest);
            }
        }
    }

    private void Insert(ReadOnlySpan<ulong> state, int index)
    {
        for (int word = 0; word < Blake2b.StateWords; word++)
        {
            _states[(word * Blake2bLanes.Lanes) + index] = state[word];
        }
    }

    private void Extract(int index, Span<ulong> state)
    {
        for (int word = 0; word < Blake2b.StateWords; word++)
        {
            state[word] = _states[(word * Blake2bLanes.Lanes) + index];
        }
    }

    /// <summary>One lane and how far its job is; idle when no block before the last is left.</summary>
    private sealed class Lane
    {
        private int _blocksDone;

        public HashJob? Job { get; private set; }

        public int BlocksLeft { get; private set; }

        public bool IsIdle => BlocksLeft == 0;

        public ReadOnlySpan<byte> Rest => Job is { } job ? job.Input.Span[(_blocksDone * Blake2b.BlockBytes)..] : default;

        public ReadOnlySpan<byte> RestOr(Lane other) => IsIdle ? other.Rest : Rest;

        public void Start(HashJob job) => (Job, _blocksDone, BlocksLeft) = (job, 0, Blake2bHasher.WholeBlocks(job.Input.Length));

        public void Advance(int blocks) => (_blocksDone, BlocksLeft) = (_blocksDone + blocks, BlocksLeft - blocks);

        public void End(ReadOnlySpan<byte> digest)
        {
            Job?.Complete(digest);
            Job = null;
        }
    }
}
