using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>What a format blob may say besides the usual: taken if it is known, refused by name, before anything is written, if not.</summary>
public sealed class FormatCornerTests
{
    [Theory]
    [InlineData("version", "4", "format version 4")]
    [InlineData("version", "0", "format version 0")]
    [InlineData("indexVersion", "3", "index version 3")]
    [InlineData("hash", "\"MD5\"", "'MD5'")]
    [InlineData("encryption", "\"NONE\"", "'NONE'")]
    [InlineData("ecc", "\"REED-SOLOMON-CRC32\"", "REED-SOLOMON-CRC32")]
    [InlineData("requiredFeatures", """[{"feature":"time-travel","ifNotUnderstood":{"message":"Use the next release."}}]""", "'time-travel'")]
    [InlineData("upgradeLock", """{"ownerID":"somebody","creationTime":"2020-01-01T00:00:00Z"}""", "'somebody'")]
    public async Task What_is_not_known_is_refused_by_name(string member, string json, string named)
    {
        MemoryBlobStore store = await NewAsync();
        FormatEdit.Config(store, config =>
        {
            config[member] = JsonNode.Parse(json);
            config["eccOverheadPercent"] = 2; // of no meaning without ecc
        });

        BackupException refused = await RefusedAsync(store, () => RepositoryRun.OpenAsync(store));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keyAlgo", "argon2")]
    [InlineData("encryption", "AES512")]
    public async Task What_is_not_known_in_the_clear_part_is_refused_by_name(string member, string value)
    {
        MemoryBlobStore store = await NewAsync();
        FormatEdit.Outer(store, outer => outer[member] = value);

        BackupException refused = await RefusedAsync(store, () => RepositoryRun.OpenAsync(store));

        Assert.Contains($"'{value}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_splitter_lets_objects_be_read_and_not_be_written()
    {
        MemoryBlobStore store = await NewAsync();
        FormatEdit.Config(store, static config => config["splitter"] = "WHIM");
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);

        BackupException refused = await RefusedAsync(store, () => repository.StartWriteSessionAsync(CancellationToken.None));

        Assert.Contains("'WHIM'", refused.Message, StringComparison.Ordinal);
        await AssertReadsAsync(repository);
    }

    [Theory]
    [InlineData("Hash", "MD5")]
    [InlineData("Encryption", "NONE")]
    [InlineData("Splitter", "WHIM")]
    [InlineData("KeyDerivation", "argon2")]
    [InlineData("KeyDerivation", "pbkdf2")]
    public async Task A_new_repository_is_refused_what_newer_Kopia_would_not_open(string option, string name)
    {
        MemoryBlobStore store = new();
        NewRepositoryOptions options = new();
        options = option switch
        {
            "Hash" => options with { Hash = name },
            "Encryption" => options with { Encryption = name },
            "Splitter" => options with { Splitter = name },
            _ => options with { KeyDerivation = name },
        };

        BackupException refused = await RefusedAsync(store, () => RepositoryRun.CreateAsync(store, options));

        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requiredFeatures", """[{"feature":"index-v1"},{"feature":"index-v2"},{"feature":"nice-to-have","ifNotUnderstood":{"warn":true}}]""")]
    [InlineData("upgradeLock", """{"ownerID":"somebody","creationTime":"2999-01-01T00:00:00Z","advanceNoticeDuration":600000000000,"ioDrainTimeout":1000,"maxPermittedClockDrift":1000}""")]
    [InlineData("maxPackSize", "0")]
    [InlineData("splitter", "\"\"")]
    [InlineData("somethingNew", """{"a":[1]}""")]
    public async Task What_does_not_stand_in_the_way_is_passed_over(string member, string json)
    {
        MemoryBlobStore store = await NewAsync();
        FormatEdit.Config(store, config => config[member] = JsonNode.Parse(json));

        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        await RepositoryRun.WriteAsync(repository, "b", [[4, 5, 6]]);

        await AssertReadsAsync(repository);
    }

    [Theory]
    [InlineData("pbkdf2-sha256-600000")]
    [InlineData("pbkdf2")]
    public async Task Other_key_derivations_open_a_repository(string algorithm)
    {
        MemoryBlobStore store = await NewAsync();
        FormatEdit.Config(store, static _ => { }, algorithm);

        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);

        Assert.Equal(algorithm, repository.Format.KeyDerivation);
        await AssertReadsAsync(repository);
    }

    [Theory]
    [InlineData("BLAKE2B-256-128", 0)]
    [InlineData("BLAKE2B-256-128", 64)]
    [InlineData("BLAKE2S-256", 0)]
    [InlineData("BLAKE3-256", 0)]
    [InlineData("BLAKE3-256", 31)]
    [InlineData("BLAKE3-256", 33)]
    [InlineData("HMAC-SHA3-256", 0)]
    [InlineData("HMAC-SHA256-128", 200)]
    public async Task Secrets_of_other_lengths_are_taken_as_the_hash_takes_them(string hash, int secretBytes)
    {
        MemoryBlobStore store = new();
        await (await RepositoryRun.CreateAsync(store)).DisposeAsync();
        FormatEdit.Config(store, config =>
        {
            config["hash"] = hash;
            config["secret"] = Convert.ToBase64String(new byte[secretBytes]);
        });

        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        await RepositoryRun.WriteAsync(repository, "a", [[1, 2, 3]]);

        await AssertReadsAsync(repository);
        Assert.Empty(await repository.FindWrongContentsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_writer_stops_at_an_upgrade_that_began_after_it()
    {
        ManualTimeProvider time = new();
        MemoryBlobStore store = await NewAsync();
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store, time: time);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        FormatEdit.Config(store, static config => config["upgradeLock"] = JsonNode.Parse("""{"ownerID":"somebody","creationTime":"2020-01-01T00:00:00Z"}"""));
        time.Advance(TimeSpan.FromMinutes(15));

        BackupException refused = await RefusedAsync(store, () => session.WriteObjectAsync(new byte[] { 9 }, ObjectKind.File, CancellationToken.None));

        Assert.Contains("'somebody'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_blob_that_scares_off_old_versions_is_no_index()
    {
        MemoryBlobStore store = await NewAsync(new NewRepositoryOptions { FormatVersion = 1 });
        store.Set("n00000000000000000000000000000000-repository_unreadable_by_this_kopia_version_upgrade_required", "upgrade"u8.ToArray());

        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);

        await AssertReadsAsync(repository);
    }

    /// <summary>A repository with one object.</summary>
    private static async Task<MemoryBlobStore> NewAsync(NewRepositoryOptions? options = null)
    {
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store, options);
        await RepositoryRun.WriteAsync(repository, "a", [[1, 2, 3]]);
        return store;
    }

    private static async Task<BackupException> RefusedAsync(MemoryBlobStore store, Func<Task> act)
    {
        List<(string Name, byte[] Content)> before = [.. store.Names.Select(name => (name, store.Get(name)))];
        BackupException refused = await Assert.ThrowsAsync<BackupException>(act);
        Assert.Equal(ErrorKind.Unsupported, refused.Kind);
        Assert.NotEmpty(refused.Remedy);
        Assert.Equal(before, store.Names.Select(name => (name, store.Get(name))));
        return refused;
    }

    private static async Task AssertReadsAsync(KopiaRepository repository)
    {
        ManifestEntry manifest = Assert.Single(await repository.FindManifestsAsync(RepositoryRun.Labels("a"), CancellationToken.None));
        Assert.Equal([[1, 2, 3]], await RepositoryRun.ReadAllAsync(repository, manifest));
    }
}
