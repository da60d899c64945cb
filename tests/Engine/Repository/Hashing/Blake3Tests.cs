using BackupFunctions.Engine.Repository.Hashing;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Hashing;

/// <summary>Against the first 32 bytes of BLAKE3's official test_vectors.json.</summary>
public sealed class Blake3Tests
{
    [Theory]
    [InlineData(0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")]
    [InlineData(1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213")]
    [InlineData(1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7")]
    [InlineData(8193, "bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b")]
    [InlineData(102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085")]
    public void Gives_the_official_unkeyed_hash(int length, string expected)
    {
        using var hasher = Blake3Hasher.Unkeyed();
        Assert.Equal(expected, ContentHasherTests.HashHex(hasher, ContentHasherTests.Pattern(length)));
    }

    [Theory]
    [InlineData(0, "92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26")]
    [InlineData(1, "6d7878dfff2f485635d39013278ae14f1454b8c0a3a2d34bc1ab38228a80c95b")]
    [InlineData(1023, "c951ecdf03288d0fcc96ee3413563d8a6d3589547f2c2fb36d9786470f1b9d6e")]
    [InlineData(1024, "75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4")]
    [InlineData(1025, "357dc55de0c7e382c900fd6e320acc04146be01db6a8ce7210b7189bd664ea69")]
    [InlineData(2048, "879cf1fa2ea0e79126cb1063617a05b6ad9d0b696d0d757cf053439f60a99dd1")]
    [InlineData(2049, "9f29700902f7c86e514ddc4df1e3049f258b2472b6dd5267f61bf13983b78dd5")]
    [InlineData(3073, "68dede9bef00ba89e43f31a6825f4cf433389fedae75c04ee9f0cf16a427c95a")]
    [InlineData(5121, "6ccf1c34753e7a044db80798ecd0782a8f76f33563accaddbfbb2e0ea4b2d024")]
    [InlineData(7169, "ed9b1a922c046fdb3d423ae34e143b05ca1bf28b710432857bf738bcedbfa511")]
    [InlineData(8192, "dc9637c8845a770b4cbf76b8daec0eebf7dc2eac11498517f08d44c8fc00d58a")]
    [InlineData(8193, "954a2a75420c8d6547e3ba5b98d963e6fa6491addc8c023189cc519821b4a1f5")]
    [InlineData(16384, "9e9fc4eb7cf081ea7c47d1807790ed211bfec56aa25bb7037784c13c4b707b0d")]
    [InlineData(31744, "efa53b389ab67c593dba624d898d0f7353ab99e4ac9d42302ee64cbf9939a419")]
    [InlineData(102400, "1c35d1a5811083fd7119f5d5d1ba027b4d01c0c6c49fb6ff2cf75393ea5db4a7")]
    public void Gives_the_official_keyed_hash(int length, string expected)
    {
        using var hasher = ContentHasher.Create("BLAKE3-256", "whats the Elvish word for friend"u8);
        Assert.Equal(expected, ContentHasherTests.HashHex(hasher, ContentHasherTests.Pattern(length)));
    }

    [Theory]
    [InlineData(65)]
    [InlineData(64 * 3)]
    [InlineData(64 * 5 + 13)]
    [InlineData(1000)]
    public void Lanes_and_single_chunks_build_the_same_tree(int chunks)
    {
        using var hasher = Blake3Hasher.Unkeyed();
        var data = ContentHasherTests.Pattern((chunks * Blake3.ChunkBytes) - 7);
        Assert.Equal(Convert.ToHexStringLower(Subtree(data, 0, true)), ContentHasherTests.HashHex(hasher, data));
    }

    [Theory]
    [InlineData(0, "2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d")]
    [InlineData(1025, "effaa245f065fbf82ac186839a249707c3bddf6d3fdda22d1b95a3c970379bcb")]
    [InlineData(16384, "160e18b5878cd0df1c3af85eb25a0db5344d43a6fbd7a8ef4ed98d0714c3f7e1")]
    public void Derives_the_official_key(int length, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(
            Blake3Hasher.DeriveKey("BLAKE3 2019-12-27 16:29:52 test vectors context"u8, ContentHasherTests.Pattern(length))));

    // The tree of the paper, section 2.1, by plain recursion: the left child is the largest power of two of chunks.
    private static byte[] Subtree(ReadOnlySpan<byte> data, ulong chunk, bool root)
    {
        var state = Blake3.Iv.ToArray();
        if (data.Length <= Blake3.ChunkBytes)
        {
            for (var at = 0; at < data.Length; at += Blake3.BlockBytes)
            {
                var block = new byte[Blake3.BlockBytes];
                var length = Math.Min(Blake3.BlockBytes, data.Length - at);
                data.Slice(at, length).CopyTo(block);
                Blake3.Compress(state, block, length, chunk, (at == 0 ? Blake3.ChunkStart : 0) | (at + length == data.Length ? Blake3.ChunkEnd : 0));
            }
            return System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(state).ToArray();
        }
        var left = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((data.Length - 1) / Blake3.ChunkBytes + 1)) / 2;
        byte[] pair =
        [
            .. Subtree(data[..(left * Blake3.ChunkBytes)], chunk, false),
            .. Subtree(data[(left * Blake3.ChunkBytes)..], chunk + (ulong)left, false),
        ];
        Blake3.Compress(state, pair, Blake3.BlockBytes, 0, Blake3.Parent | (root ? Blake3.Root : 0));
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(state).ToArray();
    }

    [Fact]
    public void The_truncated_kind_is_the_first_half()
    {
        using var hasher = ContentHasher.Create("BLAKE3-256-128", "whats the Elvish word for friend and more"u8);
        Assert.Equal("357dc55de0c7e382c900fd6e320acc04", ContentHasherTests.HashHex(hasher, ContentHasherTests.Pattern(1025)));
    }

    [Fact]
    public void A_short_secret_is_stretched_by_key_derivation()
    {
        using var stretched = ContentHasher.Create("BLAKE3-256", "short"u8);
        using var direct = ContentHasher.Create("BLAKE3-256", Blake3Hasher.DeriveKey("kopia blake3 derived key v1"u8, "short"u8));
        Assert.Equal(ContentHasherTests.HashHex(direct, "x"u8), ContentHasherTests.HashHex(stretched, "x"u8));
    }
}
