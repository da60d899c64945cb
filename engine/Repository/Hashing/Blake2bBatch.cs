namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// Hashes many inputs of any lengths through four lanes: an input whose whole blocks are done gives its lane to the next one;
/// when only one is left it goes on alone, which is faster than in a lane beside three idle ones.
/// </summary>
internal ref struct Blake2bBatch(Blake2bHasher hasher, ReadOnlySpan<ReadOnlyMemory<byte>> inputs, Span<byte> destinations)
{
    private readonly ReadOnlySpan<ReadOnlyMemory<byte>> _inputs = inputs;
    private readonly Span<byte> _destinations = destinations;
    private Lane _lane0;
    private Lane _lane1;
    private Lane _lane2;
    private Lane _lane3;
    private int _next;

    public void Run()
    {
        Span<ulong> states = stackalloc ulong[Blake2b.StateWords * Blake2bLanes.Lanes];
        Span<ulong> counters = stackalloc ulong[Blake2bLanes.Lanes];
        Fill(ref _lane0, 0, states, counters);
        Fill(ref _lane1, 1, states, counters);
        Fill(ref _lane2, 2, states, counters);
        Fill(ref _lane3, 3, states, counters);
        while (Active() > 1)
        {
            var blocks = Math.Min(Math.Min(_lane0.Run, _lane1.Run), Math.Min(_lane2.Run, _lane3.Run));
            // An idle lane works on another's bytes, and nobody looks at what comes out.
            var spare = _lane0.BlocksLeft > 0 ? _lane0.Rest(_inputs) : _lane1.BlocksLeft > 0 ? _lane1.Rest(_inputs) : _lane2.Rest(_inputs);
            Blake2bLanes.Compress(states, counters, blocks,
                _lane0.RestOr(_inputs, spare), _lane1.RestOr(_inputs, spare), _lane2.RestOr(_inputs, spare), _lane3.RestOr(_inputs, spare));
            Advance(ref _lane0, 0, blocks, states, counters);
            Advance(ref _lane1, 1, blocks, states, counters);
            Advance(ref _lane2, 2, blocks, states, counters);
            Advance(ref _lane3, 3, blocks, states, counters);
        }
        FinishAlone(_lane0, 0, states, counters);
        FinishAlone(_lane1, 1, states, counters);
        FinishAlone(_lane2, 2, states, counters);
        FinishAlone(_lane3, 3, states, counters);
    }

    private readonly int Active() => (_lane0.BlocksLeft > 0 ? 1 : 0) + (_lane1.BlocksLeft > 0 ? 1 : 0) + (_lane2.BlocksLeft > 0 ? 1 : 0) + (_lane3.BlocksLeft > 0 ? 1 : 0);

    // Gives the lane the next input that has a block before its last; shorter ones are hashed on the way.
    private void Fill(ref Lane lane, int index, scoped Span<ulong> states, scoped Span<ulong> counters)
    {
        lane = default;
        while (_next < _inputs.Length)
        {
            var input = _next++;
            var blocks = Blake2bHasher.WholeBlocks(_inputs[input].Length);
            if (blocks == 0)
            {
                hasher.Hash(_inputs[input].Span, Destination(input));
                continue;
            }
            var (start, bytes) = hasher.Start;
            for (var word = 0; word < Blake2b.StateWords; word++)
            {
                states[(word * Blake2bLanes.Lanes) + index] = start.Span[word];
            }
            counters[index] = (ulong)bytes + Blake2b.BlockBytes;
            lane = new Lane(input, 0, blocks);
            return;
        }
    }

    private void Advance(ref Lane lane, int index, int blocks, scoped Span<ulong> states, scoped Span<ulong> counters)
    {
        if (lane.BlocksLeft == 0)
        {
            return;
        }
        lane = new Lane(lane.Input, lane.BlocksDone + blocks, lane.BlocksLeft - blocks);
        if (lane.BlocksLeft == 0)
        {
            Finish(lane, index, states);
            Fill(ref lane, index, states, counters);
        }
    }

    private readonly void FinishAlone(Lane lane, int index, scoped Span<ulong> states, scoped Span<ulong> counters)
    {
        if (lane.BlocksLeft == 0)
        {
            return;
        }
        Span<ulong> state = stackalloc ulong[Blake2b.StateWords];
        Extract(index, states, state);
        var rest = lane.Rest(_inputs);
        var whole = lane.BlocksLeft * Blake2b.BlockBytes;
        Blake2b.Compress(state, rest[..whole], counters[index], last: false);
        hasher.Finish(state, rest[whole..], _inputs[lane.Input].Length, Destination(lane.Input));
    }

    private readonly void Finish(Lane lane, int index, scoped Span<ulong> states)
    {
        Span<ulong> state = stackalloc ulong[Blake2b.StateWords];
        Extract(index, states, state);
        hasher.Finish(state, lane.Rest(_inputs), _inputs[lane.Input].Length, Destination(lane.Input));
    }

    private static void Extract(int index, ReadOnlySpan<ulong> states, Span<ulong> state)
    {
        for (var word = 0; word < Blake2b.StateWords; word++)
        {
            state[word] = states[(word * Blake2bLanes.Lanes) + index];
        }
    }

    private readonly Span<byte> Destination(int input) => _destinations.Slice(input * hasher.HashLength, hasher.HashLength);

    // BlocksLeft counts the blocks before the last; zero means that the lane is idle.
    private readonly record struct Lane(int Input, int BlocksDone, int BlocksLeft)
    {
        public int Run => BlocksLeft == 0 ? int.MaxValue : BlocksLeft;

        public ReadOnlySpan<byte> Rest(ReadOnlySpan<ReadOnlyMemory<byte>> inputs) => inputs[Input].Span[(BlocksDone * Blake2b.BlockBytes)..];

        public ReadOnlySpan<byte> RestOr(ReadOnlySpan<ReadOnlyMemory<byte>> inputs, ReadOnlySpan<byte> spare) => BlocksLeft > 0 ? Rest(inputs) : spare;
    }
}
