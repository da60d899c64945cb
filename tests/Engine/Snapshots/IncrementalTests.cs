using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class IncrementalTests : IDisposable
{
    private const string Age = "find . -exec touch -h -d '2020-02-02 02:02:02.020202020 UTC' {} +";

    private readonly SnapshotRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task The_second_backup_reads_and_uploads_only_what_changed()
    {
        _run.Change($"for i in $(seq 1 300); do head -c 60000 /dev/urandom >f$i; done; ln -s f1 l; {Age}");
        VolumeSnapshotResult first = await _run.BackupAsync();
        long stored = BucketBytes();
        int blobs = BucketBlobs();
        _run.Change("head -c 1000000 /dev/urandom >f7; touch -d '2020-02-03 UTC' f7");

        VolumeSnapshotResult second = await _run.BackupAsync();

        Assert.Equal((300, 0), (first.Progress.ReadFiles, first.Progress.ReusedFiles));
        Assert.InRange(first.IncrementalBytes, 18_000_000, 18_500_000);
        Assert.Equal((1, 300, 1_000_000), (second.Progress.ReadFiles, second.Progress.ReusedFiles, second.Progress.ReadBytes));
        Assert.InRange(second.IncrementalBytes, 1_000_000, 1_100_000);
        Assert.InRange(BucketBytes() - stored, 1_000_000, 1_100_000);
        Assert.InRange(BucketBlobs() - blobs, 1, 3); // a pack of data, one of directories, an index
        Assert.Equal(300 * 60_000 - 60_000 + 1_000_000, second.TotalBytes);
    }

    [Fact]
    public async Task A_backup_without_changes_uploads_next_to_nothing()
    {
        _run.Change($"head -c 3000000 /dev/urandom >f; mkdir d; echo x >d/g; {Age}");
        await _run.BackupAsync();

        VolumeSnapshotResult second = await _run.BackupAsync();

        Assert.Equal((0, 2), (second.Progress.ReadFiles, second.Progress.ReusedFiles));
        Assert.InRange(second.IncrementalBytes, 1, 20_000);
    }

    [Fact]
    public async Task An_unchanged_file_is_not_opened()
    {
        _run.Change($"echo before >f; echo before >g; {Age}");
        await _run.BackupAsync();
        _run.Change($"echo after! >f; printf 'after!\\n' >g; {Age}; touch -d '2021-01-01 UTC' g"); // f has all the old attributes

        VolumeSnapshotResult second = await _run.BackupAsync();
        await _run.RestoreAsync(second.SnapshotId);

        Assert.Equal("before\nafter!\n", _run.Files.Shell("cat restored/f restored/g"));
    }

    [Theory]
    [InlineData("chmod 600 f")]
    [InlineData("touch -d '2020-02-02 02:02:02.020202021 UTC' f")]
    [InlineData("rm f; ln -s 34567 f; touch -h -d '2020-02-02 02:02:02.020202020 UTC' f")]
    public async Task Any_other_attribute_makes_a_file_changed(string change)
    {
        _run.Change($"echo 1234 >f; chmod 644 f; {Age}");
        await _run.BackupAsync();
        _run.Change(change);

        VolumeSnapshotResult second = await _run.BackupAsync();
        await _run.RestoreAsync(second.SnapshotId);

        Assert.Equal(0, second.Progress.ReusedFiles);
        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
    }

    [Fact]
    public async Task A_file_that_was_written_while_it_was_read_is_read_again_the_next_time()
    {
        _run.Change("echo x >f; touch -d '2026-01-01 00:00:00 UTC' f");
        ManualTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 20, TimeSpan.Zero));
        await using VolumeDataRepository repository = await _run.OpenAsync(time: time);

        List<long> read = [];
        for (int i = 0; i < 3; i++)
        {
            read.Add((await repository.BackupAsync(SnapshotRun.Volume, _run.Files["volume"], new Dictionary<string, string>(), null, CancellationToken.None)).Progress.ReadFiles);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([1, 1, 0], read);
    }

    [Theory]
    [InlineData("arr", "sonarr-7d9c5-xyz", "config", 1)]
    [InlineData("arr", "sonarr-0", "media", 0)]
    public async Task The_previous_snapshot_is_that_of_the_claim_whichever_pod_mounted_it(string space, string pod, string claim, int reused)
    {
        _run.Change($"echo 1234 >f; {Age}");
        await _run.BackupAsync();

        VolumeSnapshotResult second = await _run.BackupAsync(volume: new VolumeIdentity(space, pod, claim));

        Assert.Equal(reused, second.Progress.ReusedFiles);
    }

    [Fact]
    public async Task Removed_files_are_gone_and_hard_links_are_reused()
    {
        _run.Change($"echo a >a; ln a b; echo c >c; {Age}");
        await _run.BackupAsync();
        _run.Change($"rm c; {Age}");

        VolumeSnapshotResult second = await _run.BackupAsync();
        await _run.RestoreAsync(second.SnapshotId);

        Assert.Equal((0, 2), (second.Progress.ReadFiles, second.Progress.ReusedFiles));
        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
    }

    private long BucketBytes() => Blobs().Sum(static file => file.Length);

    private int BucketBlobs() => Blobs().Count(static file => !file.Name.StartsWith('s'));

    private IEnumerable<FileInfo> Blobs() => new DirectoryInfo(_run.Files["bucket/kopia/arr"]).EnumerateFiles();
}
