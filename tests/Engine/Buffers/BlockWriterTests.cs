using System.Buffers;
using BackupFunctions.Engine.Buffers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Buffers;

public sealed class BlockWriterTests
{
    [Fact]
    public void The_blocks_hold_what_was_written_and_stay_when_more_is_written()
    {
        Random random = TestSeed.Random();
        BlockWriter writer = new();
        using PooledWriter pooled = new(1);
        List<byte> written = [];
        IReadOnlyList<ReadOnlyMemory<byte>> early = [];
        for (int i = 0; i < 300; i++)
        {
            byte[] piece = new byte[random.Next(3_000)];
            random.NextBytes(piece);
            writer.Write(piece);
            pooled.Write(piece);
            written.AddRange(piece);
            early = i == 150 ? writer.Blocks : early;
        }

        Assert.Equal(written.Count, writer.Length);
        Assert.Equal(written, writer.Blocks.SelectMany(static block => block.ToArray()));
        Assert.Equal(written.Take(early.Sum(static block => block.Length)), early.SelectMany(static block => block.ToArray()));
        Assert.True(pooled.Written.SequenceEqual(written.ToArray()));
    }
}
