using System.IO.Compression;
using System.Text;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Catalog;

public sealed class BackupLogTests
{
    private static readonly ManualTimeProvider Clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Lines_are_those_of_logrus()
    {
        using BackupLog log = BackupLog.ForBackup(BackupName.Parse("b"), Clock);
        log.Info("Backing up item", ("resource", "pods"), ("name", "a b"), ("namespace", "web"));
        log.Warning(new ItemFailure("web", "pods", "a", "said \"no\"\nand left\u0001\u200b"));
        log.Error(new ItemFailure(null, null, null, "Größe"));
        Assert.Equal(
            """
            time="2026-01-02T03:04:05Z" level=info msg="Backing up item" backup=velero/b name="a b" namespace=web resource=pods
            time="2026-01-02T03:04:05Z" level=warning msg="said \"no\"\nand left\x01\u200b" backup=velero/b name=a namespace=web resource=pods
            time="2026-01-02T03:04:05Z" level=error msg="Größe" backup=velero/b

            """,
            Unpack(log.Complete()));
        Assert.Equal((1, 1), (log.WarningCount, log.ErrorCount));
        Assert.Equal("pods", Assert.Single(log.Warnings).Resource);
        Assert.Equal("Größe", Assert.Single(log.Errors).Message);
    }

    [Fact]
    public async Task Logs_of_several_workers_join()
    {
        using CatalogFolder folder = new();
        for (int worker = 0; worker < 2; worker++)
        {
            using BackupLog log = BackupLog.ForRestore(RestoreName.Parse("r"), Clock);
            log.Info($"worker{worker}");
            await folder.PutAsync($"restores/r/work/log{worker}", log.Complete().ToArray());
        }

        using BackupLog last = BackupLog.ForRestore(RestoreName.Parse("r"), Clock);
        last.Info("end");
        using MemoryStream joined = new();
        await using (Stream stream = JoinedParts.OfLog(folder.Store, [BlobName.Parse("restores/r/work/log0"), BlobName.Parse("restores/r/work/log1")], last.Complete()))
        {
            await stream.CopyToAsync(joined, CancellationToken.None);
        }

        string[] lines = Unpack(joined.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["worker0", "worker1", "end"], lines.Select(line => line.Split("msg=")[1].Split(' ')[0]));
        Assert.All(lines, line => Assert.EndsWith(" restore=velero/r", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Many_threads_write_whole_lines_and_right_counts()
    {
        using BackupLog log = BackupLog.ForBackup(BackupName.Parse("b"), Clock);
        Parallel.For(0, 2000, number =>
        {
            log.Info("fine");
            log.Error(new ItemFailure("ns", "pods", $"p{number}", "bad"));
        });
        string[] lines = Unpack(log.Complete()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4000, lines.Length);
        Assert.Equal(2000, lines.Count(line => line.Contains("level=error", StringComparison.Ordinal)));
        Assert.Equal(2000, log.ErrorCount);
        Assert.Equal(2000, log.Errors.Select(error => error.Name).Distinct().Count());
    }

    [Fact]
    public void A_full_log_drops_information_and_says_so_but_keeps_errors()
    {
        using BackupLog log = BackupLog.ForBackup(BackupName.Parse("b"), Clock);
        Random random = TestSeed.Random();
        byte[] noise = new byte[64 * 1024];
        for (int i = 0; i < 2 * BackupLog.MaxPackedBytes / noise.Length; i++)
        {
            random.NextBytes(noise);
            log.Info(Convert.ToBase64String(noise));
        }

        log.Error(new ItemFailure(null, null, null, "the last error"));
        ReadOnlyMemory<byte> packed = log.Complete();
        Assert.InRange(packed.Length, BackupLog.MaxPackedBytes, BackupLog.MaxPackedBytes + (1024 * 1024));
        string text = Unpack(packed);
        Assert.Contains("the last error", text, StringComparison.Ordinal);
        Assert.Matches("The log is full: [0-9]+ lines were left out", text);
    }

    [Fact]
    public void Failures_beyond_the_limit_are_counted_but_not_kept()
    {
        using BackupLog log = BackupLog.ForBackup(BackupName.Parse("b"), Clock);
        for (int i = 0; i < BackupLog.MaxKeptFailures + 5; i++)
        {
            log.Warning(new ItemFailure("", "nodes", "n", "odd"));
        }

        Assert.Equal(BackupLog.MaxKeptFailures + 5, log.WarningCount);
        Assert.Equal(BackupLog.MaxKeptFailures, log.Warnings.Count);
        Assert.Contains("5 lines were left out", Unpack(log.Complete()), StringComparison.Ordinal);
    }

    private static string Unpack(ReadOnlyMemory<byte> packed)
    {
        using GZipStream unzip = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using StreamReader reader = new(unzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
