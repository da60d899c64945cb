using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Manifests;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Snapshots.Format;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Damage hits what it hits: the files are named with their snapshot and blob, and all others are restored.</summary>
public sealed class SnapshotDamageTests : IDisposable
{
    private const string Script = "mkdir -p a/b; echo one > one; echo two > a/two; echo three > a/b/three; head -c 300000 /dev/urandom > a/large; ln -s one link";

    private readonly SnapshotRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_damaged_file_is_named_with_snapshot_and_blob_and_the_others_are_restored()
    {
        _run.Change(Script);
        VolumeSnapshotResult backup = await _run.BackupAsync();
        (string pack, long offset) = await PlaceOfAsync(backup.SnapshotId, "a/two");
        await FlipAsync(pack, offset + 14);

        VerificationReport report = await VerifyAsync(VerificationOptions.Full);
        TreeRestoreResult restored = await _run.RestoreAsync(backup.SnapshotId);

        RepositoryFinding file = Assert.Single(report.Findings, static finding => finding.Kind == FindingKind.DamagedFile);
        Assert.Equal((backup.SnapshotId.ToString(), "a/two", pack, offset), (file.Snapshot, file.Path, file.Blob, file.OffsetBytes));
        Assert.Equal(2, report.DamageCount); // the content and the file that needs it
        PathProblem problem = Assert.Single(restored.Problems);
        Assert.Equal("a/two", problem.Path);
        Assert.Contains(pack, problem.Message, StringComparison.Ordinal);
        Assert.Equal("a a/b a/b/three a/large link one", _run.Files.Shell("cd restored; find . -mindepth 1 -printf '%P\\n' | sort | tr '\\n' ' '").Trim());
    }

    [Fact]
    public async Task A_directory_that_two_snapshots_share_is_read_once()
    {
        _run.Change(Script);
        await _run.BackupAsync();
        VerificationReport one = await VerifyAsync(new VerificationOptions());
        _run.Change("echo more > more");
        await _run.BackupAsync();

        VerificationReport two = await VerifyAsync(new VerificationOptions());

        Assert.Equal((1L, 2L), (one.Snapshots, two.Snapshots));
        Assert.Equal(one.Directories + 1, two.Directories); // only the root is another one
        Assert.Empty(two.Findings);
    }

    [Fact]
    public async Task Snapshots_beside_a_damaged_manifest_are_still_listed_restored_and_backed_up()
    {
        _run.Change(Script);
        VolumeSnapshotResult lost = await _run.BackupAsync();
        _run.Change("echo more > more");
        VolumeSnapshotResult kept = await _run.BackupAsync();
        IndexEntry manifest = default;
        await WithRepositoryAsync(async repository =>
        {
            foreach (IndexEntry entry in repository.Index.Current.Entries('m'))
            {
                using PooledBytes bytes = await repository.Contents.ReadAsync(entry.Id, CancellationToken.None);
                manifest = ManifestCodec.Decode(entry.Id, bytes.Memory).Any(element => element.Id == lost.SnapshotId) ? entry : manifest;
            }
        });
        await FlipAsync(manifest.Pack.ToString(), manifest.PackOffset + 20);

        TreeRestoreResult restored = await _run.RestoreAsync(kept.SnapshotId);
        RepositoryCorruptException named = await Assert.ThrowsAsync<RepositoryCorruptException>(() => _run.RestoreAsync(lost.SnapshotId));
        VolumeSnapshotResult next = await _run.BackupAsync();

        Assert.Empty(restored.Problems);
        Assert.Equal(manifest.Pack.ToString(), named.Blob);
        Assert.NotEqual(kept.SnapshotId, next.SnapshotId);
        VerificationReport report = await VerifyAsync(VerificationOptions.Full);
        Assert.Contains(report.Findings, static finding => finding.Kind == FindingKind.DamagedSnapshot);
        Assert.Equal(2, report.Snapshots);

        RepairReport careful = await RepairAsync(new RepairOptions());
        RepairReport told = await RepairAsync(new RepairOptions { ForgetDamagedManifests = true });
        VerificationReport after = await VerifyAsync(new VerificationOptions());
        Assert.Equal((1, false, true), (careful.DamagedManifests.Count, careful.AreManifestsForgotten, told.AreManifestsForgotten));
        Assert.Equal((true, 2L), (after.IsWhole, after.Snapshots));
    }

    [Theory]
    [InlineData(".checkpointed.large.6f9619ff-8b86-d011-b42d-00cf4fc964ff", false, true)]
    [InlineData("single", true, true)]
    [InlineData("other", false, false)]
    public async Task A_length_that_Kopia_tells_of_a_file_that_it_did_not_keep_whole_is_no_damage(string name, bool isOneFile, bool isWhole)
    {
        _run.Change(Script);
        await _run.BackupAsync();
        await WithRepositoryAsync(async repository =>
        {
            await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
            DirectoryEntry file = new()
            {
                Name = name,
                Kind = EntryKind.File,
                LengthBytes = 5000,
                ObjectId = await session.WriteObjectAsync("evil"u8.ToArray(), ObjectKind.File, CancellationToken.None),
                Summary = isOneFile ? new DirectorySummary { FileCount = 1, TotalBytes = 4 } : null,
            };
            System.Buffers.ArrayBufferWriter<byte> json = new();
            EntryWriter.Write(json, file);
            byte[] directory = [.. """{"stream":"kopia:directory","entries":["""u8, .. json.WrittenSpan, .. "]}\n"u8];
            DirectoryEntry root = isOneFile ? file : new() { Name = "root", Kind = EntryKind.Directory, ObjectId = await session.WriteObjectAsync(directory, ObjectKind.Directory, CancellationToken.None) };
            SnapshotCatalog.Put(session, new TreeSnapshot { Source = new("h", "u", "/p"), StartTime = default, EndTime = default, Statistics = new(0, 0, 0, 0, 0), Root = root, IncompleteReason = TreeSnapshot.Checkpoint });
            await session.FlushAsync(CancellationToken.None);
        });

        VerificationReport report = await VerifyAsync(VerificationOptions.Full);

        RepositoryFinding finding = Assert.Single(report.Findings);
        Assert.Equal((isWhole, isWhole ? FindingKind.WrongLength : FindingKind.DamagedFile, isOneFile ? "" : name), (report.IsWhole, finding.Kind, finding.Path));
    }

    private async Task<(string Pack, long Offset)> PlaceOfAsync(ManifestId snapshot, string path)
    {
        (string Pack, long Offset) place = default;
        await WithRepositoryAsync(async repository =>
        {
            DirectoryEntry file = await new TreeBrowser(repository).FindAsync($"{snapshot}/{path}", CancellationToken.None);
            ObjectContent content = await repository.ListObjectContentsAsync(file.ObjectId, CancellationToken.None).FirstAsync();
            place = (content.Pack.ToString(), content.PackOffset);
        });
        return place;
    }

    private async Task<VerificationReport> VerifyAsync(VerificationOptions options)
    {
        VerificationReport report = new();
        await WithRepositoryAsync(async repository => report = await new SnapshotVerifier(repository).VerifyAsync(options, null, CancellationToken.None));
        return report;
    }

    private Task<RepairReport> RepairAsync(RepairOptions options) => TreeRepository.RepairAsync(
        BlobStoreFactory.SubTree(_run.Bucket, $"kopia/{SnapshotRun.Namespace}"), RepositoryPassword.VeleroDefault, new RepositoryOptions(), options, TimeProvider.System, null, CancellationToken.None);

    private async Task WithRepositoryAsync(Func<KopiaRepository, Task> use)
    {
        IBlobStore place = BlobStoreFactory.SubTree(_run.Bucket, $"kopia/{SnapshotRun.Namespace}");
        await using KopiaRepository repository = await TreeRepository.OpenAsync(place, RepositoryPassword.VeleroDefault, new RepositoryOptions(), TimeProvider.System, CancellationToken.None);
        await use(repository);
    }

    private async Task FlipAsync(string blob, long offset)
    {
        string path = Path.Combine(_run.Files["bucket"], "kopia", SnapshotRun.Namespace, blob);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[offset] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
    }
}
