using System.Text;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Snapshots.Format;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Fuzz;

/// <summary>Whole repositories with hostile blobs, also such that somebody with the right key wrote.</summary>
public sealed class RepositoryFuzzTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task Any_blob_may_be_anything(int formatVersion)
    {
        MemoryBlobStore good = await VerificationStore.CreateAsync(TestSeed.Random(), formatVersion);
        MemoryBlobStore store = good.Copy();
        await using KopiaRepository opened = await RepositoryRun.OpenAsync(store);
        await FuzzRun.RunAsync(async random =>
        {
            string name = good.Names[random.Next(good.Names.Count)];
            string other = good.Names[random.Next(good.Names.Count)];
            store.Set(name, Mutation.Of(random, good.Get(name), good.Get(other), isText: name == "kopia.repository"));
            VerificationReport report = await VerificationStore.VerifyAsync(opened); // damage is found, not thrown
            Assert.True(report.Findings.Count == 0 || report.Findings.All(static finding => finding.Blob.Length > 0 && finding.Expected.Length > 0));
            store.Set(name, good.Get(name));
        });
    }

    [Fact]
    public async Task Any_blob_may_be_anything_when_a_repository_is_opened_read_and_repaired()
    {
        MemoryBlobStore good = await VerificationStore.CreateAsync(TestSeed.Random(), 3);
        await FuzzRun.RunAsync(async random =>
        {
            MemoryBlobStore store = good.Copy();
            string name = good.Names[random.Next(good.Names.Count)];
            store.Set(name, Mutation.Of(random, good.Get(name), good.Get(name), isText: name == "kopia.repository"));
            if (random.Next(2) == 0)
            {
                await RepositoryRepairer.RepairAsync(store, RepositoryRun.Password, RepositoryRun.Options, new RepairOptions(), TimeProvider.System, null, CancellationToken.None);
            }

            await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
            foreach (ManifestEntry manifest in await repository.FindManifestsAsync(RepositoryRun.Labels(), CancellationToken.None))
            {
                await RepositoryRun.ReadAllAsync(repository, manifest);
            }
        });
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task Indexes_markers_and_logs_of_somebody_with_the_key_may_be_anything(int formatVersion)
    {
        MemoryBlobStore good = await VerificationStore.CreateAsync(TestSeed.Random(), formatVersion);
        MemoryBlobStore store = good.Copy();
        await using KopiaRepository opened = await RepositoryRun.OpenAsync(store);
        string[] names = [.. good.Names.Where(static name => name[0] is 'x' or 'n' or 's' or 'm' or 'l' or '_' && name.Length > 10)];
        await FuzzRun.RunAsync(async random =>
        {
            string name = names[random.Next(names.Length)];
            byte[] plain = opened.Crypto.DecryptBlob(BackupFunctions.Engine.Storage.BlobName.Parse(name), good.Get(name));
            byte[] bad = Mutation.Of(random, plain, plain, isText: name[0] is 's' or 'm' or 'l');
            int hashEnd = name.IndexOf('-', StringComparison.Ordinal) is var dash and >= 0 ? dash : name.Length;
            (string hostile, byte[] stored) = opened.Crypto.EncryptBlob(name[..(hashEnd - 32)], bad, hashEnd < name.Length ? name[(hashEnd + 1)..] : "");
            store.Set(hostile, stored);
            try
            {
                await VerificationStore.VerifyAsync(opened);
                await opened.RefreshAsync(CancellationToken.None);
                foreach (IndexEntry entry in opened.Index.Current.Entries(prefix: null))
                {
                    opened.Index.Current.TryFind(entry.Id, out _);
                }
            }
            finally
            {
                store.Remove(hostile);
            }
        });
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task The_configuration_of_somebody_with_the_password_may_be_anything(int formatVersion)
    {
        MemoryBlobStore good = await VerificationStore.CreateAsync(TestSeed.Random(), formatVersion);
        byte[] blob = good.Get("kopia.repository");
        string outer = Encoding.UTF8.GetString(blob);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(blob);
        byte[] uniqueId = json.RootElement.GetProperty("uniqueID").GetBytesFromBase64();
        string sealedConfig = json.RootElement.GetProperty("encryptedBlockFormat").GetString()!;
        byte[] key = new byte[32];
        KeyDerivation.DeriveFormatKey(json.RootElement.GetProperty("keyAlgo").GetString()!, RepositoryRun.Password, uniqueId, key);
        byte[] config = FormatCipher.Decrypt(key, uniqueId, Convert.FromBase64String(sealedConfig));
        MemoryBlobStore store = good.Copy();
        await using KopiaRepository opened = await RepositoryRun.OpenAsync(store);
        await FuzzRun.RunAsync(async random =>
        {
            byte[] bad = FormatCipher.Encrypt(key, uniqueId, Mutation.Of(random, config, config, isText: true));
            string text = outer.Replace(sealedConfig, Convert.ToBase64String(bad), StringComparison.Ordinal);
            store.Set("kopia.repository", random.Next(4) == 0 ? Mutation.Of(random, blob, blob, isText: true) : Encoding.UTF8.GetBytes(text));
            store.Set("kopia.blobcfg", FormatCipher.Encrypt(key, uniqueId, Mutation.Of(random, """{"retentionMode":"GOVERNANCE","retentionPeriod":86400000000000}"""u8.ToArray(), [0], isText: true)));
            RepositoryParameters parameters = await opened.FormatBlobs.ReadAgainAsync(CancellationToken.None);
            using RepositoryCrypto crypto = new(parameters);
            BackupFunctions.Engine.Repository.Splitting.Splitter.Create(parameters.Splitter);
        });
    }

    [Fact]
    public async Task The_maintenance_schedule_of_somebody_with_the_key_may_be_anything()
    {
        byte[] schedule = """{"nextFullMaintenance":"2026-11-28T00:00:00Z","nextQuickMaintenance":"2026-11-28T00:00:00.123456789Z","runs":{"snapshot-gc":[{"start":"2026-11-27T00:00:00Z","end":"2026-11-27T00:00:01Z","success":true,"extra":[{"kind":"x","data":{"a":1}}]}],"cleanup-logs":[]},"other":[1]}"""u8.ToArray();
        MemoryBlobStore store = new();
        await using KopiaRepository opened = await RepositoryRun.CreateAsync(store);
        await FuzzRun.RunAsync(async random =>
        {
            byte[] bad = MaintenanceCipher.Encrypt(opened.Parameters.MasterKey, opened.Parameters.UniqueId, Mutation.Of(random, schedule, schedule, isText: true));
            store.Set("kopia.maintenance", random.Next(8) == 0 ? Mutation.Of(random, bad, bad, isText: false) : bad);
            MaintenanceSchedule read = await new ScheduleStore(store, opened.FormatBlobs, opened.Parameters).LoadAsync(CancellationToken.None);
            read.LastSuccess("snapshot-gc");
        });
    }

    [Fact]
    public async Task Packs_of_somebody_with_the_key_may_be_anything()
    {
        MemoryBlobStore good = await VerificationStore.CreateAsync(TestSeed.Random(), 3);
        MemoryBlobStore store = good.Copy();
        await using KopiaRepository opened = await RepositoryRun.OpenAsync(store);
        string name = good.Names.First(static name => name.StartsWith('q'));
        byte[] pack = good.Get(name);
        PackPostamble postamble = PackPostamble.Decode(name, pack.Length, pack.AsSpan()[^Math.Min(pack.Length, PackPostamble.MaxBytes)..]);
        byte[] index = opened.Crypto.TryDecryptLocalIndex(pack.AsSpan((int)postamble.LocalIndexOffset, postamble.LocalIndexBytes), postamble.Vector.Span)!;
        await FuzzRun.RunAsync(async random =>
        {
            byte[] stored = opened.Crypto.EncryptLocalIndex(Mutation.Of(random, index, index, isText: false), out byte[] vector);
            byte[] end = new PackPostamble(vector, postamble.LocalIndexOffset, stored.Length).Encode();
            store.Set(name, [.. pack.AsSpan(0, (int)postamble.LocalIndexOffset), .. stored, .. end]);
            await VerificationStore.VerifyAsync(opened);
        });
    }

    [Fact]
    public async Task Directories_and_lists_of_somebody_with_the_key_may_be_anything()
    {
        const int Batch = 100;
        byte[] directory = Encoding.UTF8.GetBytes(
            """{"stream":"kopia:directory","entries":[{"name":"a","type":"d","mode":"0755","mtime":"2026-01-02T03:04:05Z","obj":"k0123456789abcdef0123456789abcdef","summ":{"size":1,"files":1,"symlinks":0,"dirs":1,"maxTime":"2026-01-02T03:04:05Z","numFailed":0}},{"name":"b","type":"f","mode":"040000755","size":10,"mtime":"2026-01-02T03:04:05.5Z","uid":1,"gid":4294967295,"obj":"Ix0123456789abcdef0123456789abcdef","posix":{"holes":[1,2]}}],"summary":{"size":1,"files":1,"symlinks":0,"dirs":2,"maxTime":"2026-01-02T03:04:05Z","numFailed":0},"special":[{"name":"p","type":"c","major":1,"minor":2}]}""");
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        ObjectId part;
        await using (WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None))
        {
            part = await session.WriteObjectAsync("some bytes"u8.ToArray(), ObjectKind.File, CancellationToken.None);
            await session.FlushAsync(CancellationToken.None);
        }

        byte[] list = Encoding.UTF8.GetBytes($$"""{"stream":"kopia:indirect","entries":[{"l":10,"o":"{{part}}"},{"s":10,"l":10,"o":"{{part}}"}]}""");
        await FuzzRun.RunAsync(async random =>
        {
            await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
            List<(ObjectId Id, bool IsList)> written = [];
            for (int i = 0; i < Batch; i++)
            {
                bool isList = random.Next(2) == 0;
                byte[] bytes = isList ? Mutation.Of(random, list, directory, isText: true) : Mutation.Of(random, directory, list, isText: true);
                written.Add((await session.WriteObjectAsync(bytes, isList ? ObjectKind.File : ObjectKind.Directory, CancellationToken.None), isList));
            }

            await session.FlushAsync(CancellationToken.None);
            foreach ((ObjectId id, bool isList) in written)
            {
                try
                {
                    await ReadAsync(repository, id, isList);
                }
                catch (BackupException typed) when (typed.Kind is ErrorKind.Corrupt or ErrorKind.NotFound)
                {
                    Assert.NotEmpty(typed.Message);
                }
            }
        });
    }

    private static async Task ReadAsync(KopiaRepository repository, ObjectId id, bool isList)
    {
        if (isList)
        {
            await using Stream stream = repository.Objects.OpenRead(ObjectId.ListedBy(id), CancellationToken.None);
            await stream.CopyToAsync(Stream.Null, CancellationToken.None);
            return;
        }

        await using DirectoryReader reader = await DirectoryReader.OpenAsync(repository, id, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None) is { } entry)
        {
            entry.TryGetFileName(out _);
        }
    }
}
