using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>What is backed up comes back as it was, judged by find and sha256sum.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly SnapshotRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Names_of_all_kinds_come_back()
    {
        _run.Change(
            """
            echo 1 >'ümläut 日本語 🎬'; echo 2 >$'caf\xe9'; echo 3 >$'caf\xe8'; echo 4 >$'line\nbreak'; echo 5 >' '; echo 6 >'-rf'; echo 7 >'a\b"c<d>&e'
            mkdir $'dir\xff\xfe'; echo 8 >$'dir\xff\xfe/inside'; echo 9 >"$(printf 'n%.0s' $(seq 255))"; ln -s $'\xe9 target' $'link\xe9'; echo 10 >$'u\u2028v'; touch -d '1970-01-01 00:00:00 UTC' -- -rf; echo 11 >none; chmod 0 none
            """);

        await AssertRoundTripAsync(isText: false);
    }

    [Fact]
    public async Task Modes_owners_times_and_links_come_back()
    {
        _run.Change(
            """
            echo 1 >setuid; chmod 4755 setuid; echo 2 >setgid; chmod 2711 setgid; mkdir tmp; chmod 1777 tmp; mkdir shared; chmod 2770 shared
            echo 4 >ro; chmod 400 ro; mkdir locked; echo 5 >locked/f; chmod 500 locked; mkdir empty
            touch zero; touch -d '2001-02-03 04:05:06.123456789 UTC' zero; echo old >old; touch -d '1969-12-31 23:59:59.5 UTC' old
            ln -s zero sym; touch -h -d '2010-01-01 00:00:00.000000001 UTC' sym; ln -s loop loop; ln -s /etc/passwd abs; ln -s ../../../.. up
            touch -d '2015-05-05 05:05:05.050505050 UTC' empty locked
            if [ "$(id -u)" = 0 ]; then chown 1234:5678 setuid ro empty; chmod 4755 setuid; chown -h 7:8 sym; chown 4294967294:4294967294 zero; touch -d '2015-05-05 05:05:05.050505050 UTC' empty; fi
            """);

        await AssertRoundTripAsync();
    }

    [Fact]
    public async Task Hard_links_come_back_as_hard_links()
    {
        _run.Change("mkdir a b; echo shared >a/1; ln a/1 a/2; ln a/1 b/3; ln -s x b/s; ln b/s a/s; head -c 9000000 /dev/urandom >b/big; ln b/big big2");

        await AssertRoundTripAsync();

        Assert.Equal("3\n", _run.Files.Shell("cd restored; find . -samefile a/1 | wc -l"));
    }

    [Fact]
    public async Task Holes_come_back_as_holes()
    {
        _run.Change(
            """
            truncate -s 50M hole; printf x | dd of=hole bs=1 seek=26214400 conv=notrunc status=none
            truncate -s 3M all; head -c 5M /dev/zero >zeros; printf x >>zeros
            """);
        await AssertRoundTripAsync();

        Assert.True(AllocatedBytes("restored/hole") <= 64 << 10);
        Assert.Equal(0, AllocatedBytes("restored/all"));
        Assert.True(AllocatedBytes("restored/zeros") >= 5 << 20);
    }

    [Fact]
    public async Task Zeros_become_holes_when_that_is_asked_for()
    {
        _run.Change("head -c 5M /dev/zero >zeros; printf x >>zeros; head -c 100000 /dev/urandom >random");
        VolumeSnapshotResult backup = await _run.BackupAsync();

        await _run.RestoreAsync(backup.SnapshotId, new TreeRestoreOptions { ZerosAsHoles = true });

        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
        Assert.True(AllocatedBytes("restored/zeros") <= 8192);
    }

    [Fact]
    public async Task Pipes_come_back_and_sockets_do_not()
    {
        _run.Change("mkdir d; mkfifo -m 640 d/pipe; echo x >f; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"d/s\")' 2>/dev/null || true");
        VolumeSnapshotResult backup = await _run.BackupAsync();
        _run.Change("rm -f d/s; touch -r f d");

        TreeRestoreResult result = await _run.RestoreAsync(backup.SnapshotId);
        _run.Files.Shell("touch -r volume/f restored/d");

        Assert.Equal(1, result.Statistics.Specials);
        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
    }

    [Fact]
    public async Task Extended_attributes_and_access_lists_come_back()
    {
        _run.Change("echo x >f; mkdir d; echo y >d/g");
        byte[] accessList = [2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 210, 4, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255];
        using (DirectoryHandle volume = DirectoryHandle.Open(_run.Files["volume"]))
        {
            volume.SetExtendedAttribute(new ExtendedAttribute("user.root", "r"u8.ToArray()));
            volume.SetExtendedAttribute(FileName.Parse("f"), new ExtendedAttribute("user.binary", new byte[] { 0, 1, 255 }));
            volume.SetExtendedAttribute(FileName.Parse("f"), new ExtendedAttribute("system.posix_acl_access", accessList));
            volume.SetExtendedAttribute(FileName.Parse("d"), new ExtendedAttribute("system.posix_acl_default", accessList));
        }

        await AssertRoundTripAsync();

        using DirectoryHandle restored = DirectoryHandle.Open(_run.Files["restored"]);
        Assert.Equal("r"u8.ToArray(), Assert.Single(restored.GetExtendedAttributes()!).Value.ToArray());
        IReadOnlyList<ExtendedAttribute> ofFile = restored.GetExtendedAttributes(FileName.Parse("f"))!;
        Assert.Equal(["system.posix_acl_access", "user.binary"], ofFile.Select(static attribute => attribute.Name));
        Assert.Equal(accessList, ofFile[0].Value.ToArray());
        Assert.Equal(accessList, Assert.Single(restored.GetExtendedAttributes(FileName.Parse("d"))!).Value.ToArray());
    }

    [Fact]
    public async Task Many_small_files_and_deep_folders_come_back()
    {
        _run.Change(
            """
            for d in $(seq 1 20); do mkdir -p many/$d; (cd many/$d; for f in $(seq 1 500); do echo "$d $f" >$f; done); done
            p=deep; for i in $(seq 1 120); do p=$p/d; done; mkdir -p $p; echo bottom >$p/f
            """);

        VolumeSnapshotResult backup = await AssertRoundTripAsync();

        Assert.Equal(10_001, backup.FileCount);
    }

    [Fact]
    public async Task Files_longer_than_a_part_come_back()
    {
        _run.Change("head -c 10485761 /dev/urandom >big; head -c 4194304 /dev/urandom >exact; head -c 4194305 /dev/zero >more");

        await AssertRoundTripAsync(SnapshotRun.Options with { Upload = new UploadOptions { PartBytes = 4 << 20, Parallelism = 4 } });
    }

    [Fact]
    public async Task Random_trees_come_back()
    {
        Random random = TestSeed.Random();
        for (int round = 0; round < 3; round++)
        {
            _run.Change($"rm -rf ./* ; RANDOM={random.Next(1, 32767)}; " +
                """
                for i in $(seq 1 40); do d=d$((RANDOM % 5))/e$((RANDOM % 4)); mkdir -p $d; head -c $((RANDOM * (RANDOM % 40))) /dev/urandom >$d/f$i; chmod $((RANDOM % 8))$((RANDOM % 8))$((RANDOM % 8))$((RANDOM % 8)) $d/f$i; done
                for i in $(seq 1 10); do ln -sf f$((RANDOM % 40)) d$((RANDOM % 5))/l$i 2>/dev/null || true; done; cp -al d0 copy 2>/dev/null || true
                """);
            _run.Files.Shell("rm -rf restored");

            await AssertRoundTripAsync();
        }
    }

    private long AllocatedBytes(string file) => 512 * long.Parse(_run.Files.Shell($"stat -c %b '{file}'"), System.Globalization.CultureInfo.InvariantCulture);

    private async Task<VolumeSnapshotResult> AssertRoundTripAsync(VolumeDataOptions? options = null, bool isText = true)
    {
        VolumeSnapshotResult backup = await _run.BackupAsync(options);
        TreeRestoreResult restore = await _run.RestoreAsync(backup.SnapshotId);

        Assert.Empty(backup.Failures);
        Assert.Empty(restore.Problems);
        Assert.Empty(restore.Warnings);
        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
        await AssertCleanAsync(isText);
        return backup;
    }

    private async Task AssertCleanAsync(bool isText)
    {
        if (KopiaChecker.ReasonMissing is not null)
        {
            return; // the round trip stands on its own; the peer adds a second opinion where it is
        }

        KopiaCheckResult check = await KopiaChecker.RunAsync(_run.Files["bucket/kopia/" + SnapshotRun.Namespace], "static-passw0rd", isText ? _run.Files["volume"] : null);
        Assert.True(check.ExitCode == 0, check.Output);
    }
}
