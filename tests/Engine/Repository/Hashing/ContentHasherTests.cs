using System.Text;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Hashing;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Hashing;

public sealed class ContentHasherTests
{
    private static readonly byte[] CountingKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("BLAKE2B-256-128", "", "4e51e7a913fc80137da52880fecca175")]
    [InlineData("BLAKE2B-256-128", "hello", "bc2cf927f9ed52cc29116e6a5cfdbdf9")]
    [InlineData("BLAKE2S-256", "hello", "9eb0cbcd6be5835f87e6c7d7f9bfcb07454a311777a671f274222bab4c191dea")]
    [InlineData("BLAKE2S-128", "hello", "1f946dc212a39570bc06fd378517a91e")]
    [InlineData("HMAC-SHA256-128", "hello", "53c40272a70c15ca4ee0af4df1f155fd")]
    [InlineData("HMAC-SHA3-256", "hello", "e6d520deb05cf56101c5bbbc508af68ee30d077975a59ed8a70523d8ea84e11e")]
    public void Gives_Kopia_s_hash_under_the_counting_key(string algorithm, string text, string expected)
    {
        using var hasher = ContentHasher.Create(algorithm, CountingKey);
        Assert.Equal(expected, HashHex(hasher, Encoding.ASCII.GetBytes(text)));
    }

    // RFC 7693 gives no keyed 32-byte vector; these are from Python's hashlib (blake2b, digest_size=32), bytes i mod 251.
    [Theory]
    [InlineData(0, 0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")]
    [InlineData(0, 1, "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314")]
    [InlineData(0, 127, "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72")]
    [InlineData(0, 128, "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1")]
    [InlineData(0, 129, "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9")]
    [InlineData(0, 256, "582f782226018ec33076bd8d1c42413530ac7e1126260ffc0f306ba3befc3f24")]
    [InlineData(0, 257, "227e15ed64ee8e93eb7bc53828f76eed974f2c4ab1408c3d08f212b7f8d69904")]
    [InlineData(0, 1000, "b372d0608f720c8c3dd41e9c8eecb10143b41abe520b616607e754bf79c08331")]
    [InlineData(0, 100000, "916cfaa800ee55811e82095babeb88ea29c9ef8a36e8d7e20c7b772c344c9e1c")]
    [InlineData(1, 0, "52897a9c27e9781839168d22a76145b07a8a7f8cd85c1d3709e5b09468405099")]
    [InlineData(1, 1, "b83b195358b8160b1682c855fc8d09be3492bca2847ad0d9f0e853d8b5eeee95")]
    [InlineData(1, 127, "3788ac662550cbb99595558814a8f94423a636af77ab0e5021f3e29a7fa4e71c")]
    [InlineData(1, 128, "8ee3418ab42134c22949bd52cf8106e11a0895c0963fd4777f763a031c17118e")]
    [InlineData(1, 129, "a6128c5d696f06f894c0c1578a9a8ef1e4605ffcecd76a93ac2b2b1fc2563388")]
    [InlineData(1, 256, "f0d1aa68539b15f737d46a01371cef796e5be0b18a307ecafe280df2284a6a03")]
    [InlineData(1, 257, "3c5500adc72ad00a5968d2c7641d7d5ba0a564061df326b7aa7f6cd703953e7a")]
    [InlineData(1, 1000, "99754e85e163840f2952909351986ef421bb1ee8b75a9d59d7d265c183e15e1c")]
    [InlineData(1, 100000, "2b411b4ca4281fff7d88c60c209a45b40e3489250cf1afa2ecfee3dcaa13efea")]
    [InlineData(32, 0, "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d")]
    [InlineData(32, 1, "41ff93a4eaeebd3b78a93438a6f62a92ab5959c859e682b72c7def406197ca4d")]
    [InlineData(32, 127, "12879e69734944f25f9ed95cbfdbb3659a307e485ed8ec118ce7c60f107357f1")]
    [InlineData(32, 128, "138893f1631ef3165629515d6ed800da3771b7926dced294205c7507351deebc")]
    [InlineData(32, 129, "ca60f75cbb714330c046d8f28b4ed351a3ee81776bb02a96abb646fe573e3d5c")]
    [InlineData(32, 256, "da3bcd809850732f09afb9c749da4fc019f47d0ea35a28282f482ef5ffd91378")]
    [InlineData(32, 257, "2ab00e85cc9d8b39f1570b3bedf7aa7434624efdd07eb8b3a705dd65ffc4d87a")]
    [InlineData(32, 1000, "bf9c0d3a2590251349ad634ad07f03958d0be63d5f9533daf62752de734b2c76")]
    [InlineData(32, 100000, "a3d6678f3ac4f0550dbc8621a3bdba2fd20d2b5181e935a068799a1c2e7fa69e")]
    public void Gives_BLAKE2b_256_at_every_edge_of_a_block(int keyBytes, int length, string expected)
    {
        using var hasher = ContentHasher.Create("BLAKE2B-256", CountingKey.AsSpan(0, keyBytes));
        Assert.Equal(expected, HashHex(hasher, Pattern(length)));
    }

    // From Python's hashlib and hmac.
    [Theory]
    [InlineData("BLAKE2S-256", 0, 0, "69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9")]
    [InlineData("BLAKE2S-256", 0, 63, "e57cb79487dd57902432b250733813bd96a84efce59f650fac26e6696aefafc3")]
    [InlineData("BLAKE2S-256", 0, 64, "56f34e8b96557e90c1f24b52d0c89d51086acf1b00f634cf1dde9233b8eaaa3e")]
    [InlineData("BLAKE2S-256", 0, 65, "1b53ee94aaf34e4b159d48de352c7f0661d0a40edff95a0b1639b4090e974472")]
    [InlineData("BLAKE2S-256", 0, 1000, "1c067a5e746fb0f6734efac9a8cdb0e11061f0077f255184365c690115392501")]
    [InlineData("BLAKE2S-256", 32, 0, "48a8997da407876b3d79c0d92325ad3b89cbb754d86ab71aee047ad345fd2c49")]
    [InlineData("BLAKE2S-256", 32, 63, "c65382513f07460da39833cb666c5ed82e61b9e998f4b0c4287cee56c3cc9bcd")]
    [InlineData("BLAKE2S-256", 32, 64, "8975b0577fd35566d750b362b0897a26c399136df07bababbde6203ff2954ed4")]
    [InlineData("BLAKE2S-256", 32, 65, "21fe0ceb0052be7fb0f004187cacd7de67fa6eb0938d927677f2398c132317a8")]
    [InlineData("BLAKE2S-256", 32, 1000, "d5c42863172fb2424de520ff25866bf2ac9201ce81b6a8b703f67ea4c6735767")]
    [InlineData("BLAKE2S-128", 0, 0, "64550d6ffe2c0a01a14aba1eade0200c")]
    [InlineData("BLAKE2S-128", 0, 63, "4006430a2d313751a9ece24fccb52de5")]
    [InlineData("BLAKE2S-128", 0, 64, "dc66ca8f03865801b0ffe06ed8a1a90e")]
    [InlineData("BLAKE2S-128", 0, 65, "399d3e92ccfcedcdde9bf4c2be14cf8c")]
    [InlineData("BLAKE2S-128", 0, 1000, "f308bf57110a2e5f3c81a0ef22925035")]
    [InlineData("BLAKE2S-128", 32, 0, "9536f9b267655743dee97b8a670f9f53")]
    [InlineData("BLAKE2S-128", 32, 63, "ece382a8bd5018f1de5da44b72cea75b")]
    [InlineData("BLAKE2S-128", 32, 64, "f1efa90d2547036841ecd3627fafbc36")]
    [InlineData("BLAKE2S-128", 32, 65, "811ff8686d23a435ecbd0bdafcd27b1b")]
    [InlineData("BLAKE2S-128", 32, 1000, "8a0c93d51ede746600ef0dd2b32d6fb3")]
    [InlineData("HMAC-SHA256", 0, 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")]
    [InlineData("HMAC-SHA256", 0, 63, "3736d9d78b4ab60388cc3f45f3942656d37842576e1437ba4599187d37ae4cd8")]
    [InlineData("HMAC-SHA256", 0, 64, "34a7bf3df3b7ac1c4293bbcf5fc628feb01ca0a2670b5415e4383595298ebb60")]
    [InlineData("HMAC-SHA256", 0, 65, "067875535a9202ee57dba85416cadda60bb5c35655dc689a53feeac8fc2dbe24")]
    [InlineData("HMAC-SHA256", 0, 1000, "192683c6c993d8514ff6107597a93cf26e5e76bb16e22dd54128545866f7563d")]
    [InlineData("HMAC-SHA256", 32, 0, "d38b42096d80f45f826b44a9d5607de72496a415d3f4a1a8c88e3bb9da8dc1cb")]
    [InlineData("HMAC-SHA256", 32, 63, "d37a8dadb82b15310342ceabf0de8cb8991ee9bd55dd3e4813e952081cb24bf1")]
    [InlineData("HMAC-SHA256", 32, 64, "173206781c3b828a0dc2a716fe0ddb5e6e56ec171170952ff6b3f4de44fa18d7")]
    [InlineData("HMAC-SHA256", 32, 65, "22084084cc171f63dfdd6ca4bcb0c29be8d4ff1cc6b1d0d21e10e2a2a0bfce9c")]
    [InlineData("HMAC-SHA256", 32, 1000, "8bf90defe8ef048a99b602849c0d7e9bea5b9ebfcf600b7595156388d304df5b")]
    [InlineData("HMAC-SHA256-128", 0, 0, "b613679a0814d9ec772f95d778c35fc5")]
    [InlineData("HMAC-SHA256-128", 0, 63, "3736d9d78b4ab60388cc3f45f3942656")]
    [InlineData("HMAC-SHA256-128", 0, 64, "34a7bf3df3b7ac1c4293bbcf5fc628fe")]
    [InlineData("HMAC-SHA256-128", 0, 65, "067875535a9202ee57dba85416cadda6")]
    [InlineData("HMAC-SHA256-128", 0, 1000, "192683c6c993d8514ff6107597a93cf2")]
    [InlineData("HMAC-SHA256-128", 32, 0, "d38b42096d80f45f826b44a9d5607de7")]
    [InlineData("HMAC-SHA256-128", 32, 63, "d37a8dadb82b15310342ceabf0de8cb8")]
    [InlineData("HMAC-SHA256-128", 32, 64, "173206781c3b828a0dc2a716fe0ddb5e")]
    [InlineData("HMAC-SHA256-128", 32, 65, "22084084cc171f63dfdd6ca4bcb0c29b")]
    [InlineData("HMAC-SHA256-128", 32, 1000, "8bf90defe8ef048a99b602849c0d7e9b")]
    [InlineData("HMAC-SHA224", 0, 0, "5ce14f72894662213e2748d2a6ba234b74263910cedde2f5a9271524")]
    [InlineData("HMAC-SHA224", 0, 63, "8599fddfffc2080a95fa7163de8ffed973991f25fad0c2dfc426d6fa")]
    [InlineData("HMAC-SHA224", 0, 64, "71ffa76b400503f8bc7334075eae5805acf3fdbecc1127511f8c8573")]
    [InlineData("HMAC-SHA224", 0, 65, "974798755afebbb830a81ba94f9493e781e555ada4292e0e48c13749")]
    [InlineData("HMAC-SHA224", 0, 1000, "f350c31c16217a964ce4da551501e0c4b9c0f9ce87d265df112b54b3")]
    [InlineData("HMAC-SHA224", 32, 0, "2a7430f93bb5456d155c654063c7074aa70c01936a6c0e53a9f9407f")]
    [InlineData("HMAC-SHA224", 32, 63, "a0a41276dd2cc4f15ff588dfcfb18120fd4da69387863586768a09c0")]
    [InlineData("HMAC-SHA224", 32, 64, "6c58cfe7af007cf760c229194fdb824a601a30dc719c7d17473e50f3")]
    [InlineData("HMAC-SHA224", 32, 65, "663660d729a44440cbe1f384f144a14282d90641e475d7aaeae4778d")]
    [InlineData("HMAC-SHA224", 32, 1000, "862c91dde32be68d8c221394cedb7c5c59670984b4739065b8d02e85")]
    [InlineData("HMAC-SHA3-224", 0, 0, "1b9044e0d5bb4ef944bc00f1b26c483ac3e222f4640935d089a49083")]
    [InlineData("HMAC-SHA3-224", 0, 63, "c634ed077a3f5a17087361171093663fdf22f93410cf88a617594826")]
    [InlineData("HMAC-SHA3-224", 0, 64, "c64c3ae2e08a18d439c2823ee573277f95b1bbe23da9ad902846c4bb")]
    [InlineData("HMAC-SHA3-224", 0, 65, "143ca2e0210cab6c8e21ff4a9eb3b5c2948e9e4ece6aa1b3acd9d7a0")]
    [InlineData("HMAC-SHA3-224", 0, 1000, "5d990add5cd513a89e7456c1c2f30098db1167f3464561be26470a97")]
    [InlineData("HMAC-SHA3-224", 32, 0, "2e37c6fd64fd8a04653d260323bc726482d8cb6b4d9e59e02bd58cd9")]
    [InlineData("HMAC-SHA3-224", 32, 63, "ff6ba03738be9d601f8ab36e1d48a9d4403fa88f28c3d39baa9dd0e9")]
    [InlineData("HMAC-SHA3-224", 32, 64, "ec2863cadeb40a291e276cca6239edbb411b44abd7fb019fbc4fca18")]
    [InlineData("HMAC-SHA3-224", 32, 65, "fe4de3f16e045010144cc582ba79ffef3f3fc3880eac34624eaf1ee8")]
    [InlineData("HMAC-SHA3-224", 32, 1000, "8fe829230f1019a8118b92d8e864764df771a5fcae021cd4728a5b48")]
    [InlineData("HMAC-SHA3-256", 0, 0, "e841c164e5b4f10c9f3985587962af72fd607a951196fc92fb3a5251941784ea")]
    [InlineData("HMAC-SHA3-256", 0, 63, "1381c9ca2c1e7784ea2645692a1df5aa97fd608e88810ca934592cb44441b870")]
    [InlineData("HMAC-SHA3-256", 0, 64, "c1d9dde1d3d5e9c6f1e4e681adc801dc7fa03f1bfe37918cd3e238224755ef5c")]
    [InlineData("HMAC-SHA3-256", 0, 65, "12b9538d3af7e36c486391f08328bcbab7c956884f32972c1551e1bb1a9bee67")]
    [InlineData("HMAC-SHA3-256", 0, 1000, "da3bd27f96d2dd8904bf2708c6e09f2ee8cade0d62b20143e3613d534d57775d")]
    [InlineData("HMAC-SHA3-256", 32, 0, "50ab1606034383fe4b3b4bc0a341a82e40ac85e455cdfeed4cac902a7b8ccfc1")]
    [InlineData("HMAC-SHA3-256", 32, 63, "e9a2082bc446dbf9810bf81110f33c265669853b0145f4b7ef4f674752613f2d")]
    [InlineData("HMAC-SHA3-256", 32, 64, "8b4d83f83269d193e146d8facc833fd684bdab9b29a829eccb4b8d874d378044")]
    [InlineData("HMAC-SHA3-256", 32, 65, "dbaab331f4877150b9724d260200e645a5b26580fd870208e7090660e27ca074")]
    [InlineData("HMAC-SHA3-256", 32, 1000, "27e03e8d24fcde47240af3e1f8f775b7eee3d42e02a0b97d82efd699688df116")]
    public void Gives_the_other_hashes_at_the_edges_of_a_block(string algorithm, int keyBytes, int length, string expected)
    {
        using var hasher = ContentHasher.Create(algorithm, CountingKey.AsSpan(0, keyBytes));
        Assert.Equal(expected, HashHex(hasher, Pattern(length)));
    }

    [Theory]
    [InlineData("BLAKE2B-256-128")]
    [InlineData("BLAKE2B-256")]
    public async Task Many_at_once_get_the_hashes_that_they_get_alone(string algorithm)
    {
        var random = TestSeed.Random();
        using var hasher = ContentHasher.Create(algorithm, CountingKey);
        for (var count = 0; count < 40 && hasher.HasLanes; count++)
        {
            var jobs = Enumerable.Range(0, count).Select(_ => new HashJob('k', Pattern(random.Next(3) == 0 ? random.Next(200) : random.Next(200_000)))).ToArray();
            var batch = hasher.CreateBatch(new JobList(jobs));
            while (!batch.Run(() => random.Next(3) == 0))
            {
                Assert.Contains(jobs, job => !job.Id.IsCompleted);
            }

            foreach (var job in jobs)
            {
                Assert.True(job.Id.IsCompletedSuccessfully);
                Assert.Equal("k" + HashHex(hasher, job.Input.Span), (await job.Id).ToString());
            }
        }
    }

    [Fact]
    public void Refuses_an_unknown_algorithm_by_name()
    {
        var e = Assert.Throws<BackupException>(() => ContentHasher.Create("MD5", CountingKey));
        Assert.Equal(ErrorKind.Unsupported, e.Kind);
        Assert.Contains("MD5", e.Message, StringComparison.Ordinal);
    }

    internal static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];

    internal static string HashHex(ContentHasher hasher, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[hasher.HashLength];
        hasher.Hash(data, hash);
        return Convert.ToHexStringLower(hash);
    }
}
