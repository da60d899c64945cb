using BackupFunctions.Engine.Repository.Hashing;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Hashing;

public sealed class Blake2bTests
{
    internal delegate void CompressionFunction(Span<ulong> state, ReadOnlySpan<byte> blocks, ulong counter, bool last);

    [Theory]
    [InlineData("scalar")]
    [InlineData("avx2")]
    [InlineData("avx512")]
    public void Compression_gives_the_digest_of_RFC_7693_appendix_A(string kind)
    {
        if (Function(kind) is not { } compress)
        {
            return;
        }
        var state = new ulong[Blake2b.StateWords];
        Blake2b.Initialize(state, 64, 0);
        var block = new byte[Blake2b.BlockBytes];
        "abc"u8.CopyTo(block);
        compress(state, block, 3, true);
        Assert.Equal(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
            Convert.ToHexStringLower(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(state)));
    }

    [Theory]
    [InlineData("avx2", 1)]
    [InlineData("avx2", 7)]
    [InlineData("avx512", 1)]
    [InlineData("avx512", 7)]
    public void Vector_compression_equals_the_scalar_one(string kind, int blockCount)
    {
        if (Function(kind) is not { } compress)
        {
            return;
        }
        var random = TestSeed.Random();
        var blocks = new byte[blockCount * Blake2b.BlockBytes];
        random.NextBytes(blocks);
        var expected = new ulong[Blake2b.StateWords];
        Blake2b.Initialize(expected, 32, 32);
        var actual = expected.ToArray();
        Blake2bScalar.Compress(expected, blocks, 128, blockCount == 1);
        compress(actual, blocks, 128, blockCount == 1);
        Assert.Equal(expected, actual);
    }

    private static CompressionFunction? Function(string kind) => kind switch
    {
        "scalar" => Blake2bScalar.Compress,
        "avx2" when System.Runtime.Intrinsics.X86.Avx2.IsSupported => Blake2bAvx2.Compress,
        "avx512" when System.Runtime.Intrinsics.X86.Avx512F.VL.IsSupported => Blake2bAvx512.Compress,
        _ => null,
    };
}
