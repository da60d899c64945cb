using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Catalog.Archive;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Catalog;

public sealed class BackupTarReaderTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Modified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("t1", 11)]
    [InlineData("t3", 3)]
    [InlineData("t4", 75)]
    [InlineData("v2", 16)]
    public async Task Reads_every_item_of_Velero_s_tarball_once(string backup, int items)
    {
        List<ArchivedItem> read = await ReadAsync(VeleroFixture.BackupFile(backup, $"{backup}.tar.gz"));
        Assert.Equal(items, read.Select(item => item.Key).Distinct().Count());
        Assert.Equal(items, read.Count);
        Assert.All(read, item => Assert.Equal(item.Key.Name, System.Text.Json.Nodes.JsonNode.Parse(item.Json.Span)!["metadata"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_tarball_that_was_cut_off_is_refused_wherever_it_was_cut()
    {
        byte[] whole = VeleroFixture.BackupFile("t1", "t1.tar.gz");
        for (int length = 0; length < whole.Length; length += length < whole.Length - 40 ? 31 : 1)
        {
            BackupException error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(whole[..length]));
            Assert.Equal(ErrorKind.Corrupt, error.Kind);
        }
    }

    [Fact]
    public async Task Knows_type_namespace_and_name_from_the_path()
    {
        List<ArchivedItem> read = await ReadAsync(VeleroFixture.BackupFile("t4", "t4.tar.gz"));
        Assert.Contains(new ItemKey("deployments.apps", "arr2", "sonarr"), read.Select(item => item.Key));
        Assert.Contains(new ItemKey("clusterroles.rbac.authorization.k8s.io", null, "system:controller:ttl-controller"), read.Select(item => item.Key));
        Assert.Contains(new ItemKey("namespaces", null, "arr"), read.Select(item => item.Key));
    }

    [Fact]
    public async Task Passes_over_items_that_are_not_wanted()
    {
        List<ArchivedItem> read = [];
        await foreach (ArchivedItem item in BackupTarReader.ReadAsync(new MemoryStream(VeleroFixture.BackupFile("t4", "t4.tar.gz")), "t4", key => key.GroupResource == "secrets" || key.Namespace == "arr2", None))
        {
            read.Add(item);
        }

        Assert.Equal(
            ["configmaps/arr2/settings", "deployments.apps/arr2/sonarr", "services/arr2/sonarr", "widgets.example.org/arr2/w1"],
            read.Select(item => item.Key.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Joined_parts_are_read_by_this_reader_and_by_the_tar_of_the_system()
    {
        using CatalogFolder folder = new();
        string longName = string.Join('.', Enumerable.Repeat(new string('n', 50), 4));
        await folder.PutAsync("backups/b/work/parts/1", await PartAsync(
            (new ItemKey("pods", "web", "a"), "v1", "{\"a\":1}"),
            (new ItemKey("clusterroles.rbac.authorization.k8s.io", null, "system:node"), "v1", new string(' ', 512))));
        await folder.PutAsync("backups/b/work/parts/2", await PartAsync());
        await folder.PutAsync("backups/b/work/parts/3", await PartAsync(
            (new ItemKey("widgets.example.org", "web", longName), "v1beta1", "{}"),
            (new ItemKey("widgets.example.org", "web", "größe"), "v1beta1", "{}")));
        BlobName[] parts = [BlobName.Parse("backups/b/work/parts/1"), BlobName.Parse("backups/b/work/parts/2"), BlobName.Parse("backups/b/work/parts/3")];
        using MemoryStream joined = new();
        await using (Stream stream = JoinedParts.OfTarball(folder.Store, parts, Modified))
        {
            await stream.CopyToAsync(joined, None);
        }

        List<ArchivedItem> read = await ReadAsync(joined.ToArray());
        Assert.Equal(
            [new("pods", "web", "a"), new("clusterroles.rbac.authorization.k8s.io", null, "system:node"), new("widgets.example.org", "web", longName), new("widgets.example.org", "web", "größe")],
            read.Select(item => item.Key));
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(read[0].Json.Span));
        Assert.Equal(512, read[1].Json.Length);

        string path = folder.Scratch("b.tar.gz");
        await File.WriteAllBytesAsync(path, joined.ToArray());
        string[] lines = (await RunTarAsync(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "metadata/version",
                "resources/pods/namespaces/web/a.json",
                "resources/pods/v1-preferredversion/namespaces/web/a.json",
                "resources/clusterroles.rbac.authorization.k8s.io/cluster/system:node.json",
                "resources/clusterroles.rbac.authorization.k8s.io/v1-preferredversion/cluster/system:node.json",
                $"resources/widgets.example.org/namespaces/web/{longName}.json",
                $"resources/widgets.example.org/v1beta1-preferredversion/namespaces/web/{longName}.json",
                "resources/widgets.example.org/namespaces/web/größe.json",
                "resources/widgets.example.org/v1beta1-preferredversion/namespaces/web/größe.json",
            ],
            lines.Select(line => line.Split(' ')[^1]));
        Assert.All(lines, line => Assert.StartsWith("-rwxr-xr-x 0/0", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_this_program_writes_has_the_same_entries_as_what_Velero_wrote()
    {
        byte[] velero = VeleroFixture.BackupFile("t4", "t4.tar.gz");
        using MemoryStream part = new();
        await using (ItemTarWriter writer = new(part, Modified))
        {
            foreach (ArchivedItem item in await ReadAsync(velero))
            {
                await writer.AddAsync(item.Key, VersionOf(item), isPreferredVersion: true, item.Json, None);
            }

            await writer.CompleteAsync(None);
            Assert.Equal(75, writer.ItemCount);
        }

        byte[] whole = [.. ItemTarWriter.HeaderPart(Modified), .. part.ToArray(), .. ItemTarWriter.EndPart()];
        Assert.Equal(Entries(velero), Entries(whole));
    }

    [Fact]
    public async Task An_item_of_another_version_is_only_below_its_version()
    {
        using MemoryStream part = new();
        await using (ItemTarWriter writer = new(part, Modified))
        {
            await writer.AddAsync(new ItemKey("jobs.batch", "a", "b"), "v1beta1", isPreferredVersion: false, "{}"u8.ToArray(), None);
            await writer.CompleteAsync(None);
        }

        byte[] whole = [.. ItemTarWriter.HeaderPart(Modified), .. part.ToArray(), .. ItemTarWriter.EndPart()];
        Assert.Equal(["metadata/version", "resources/jobs.batch/v1beta1/namespaces/a/b.json"], Entries(whole).Select(entry => entry.Path));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_name_that_is_no_path_segment_is_refused_on_writing(string name)
    {
        await using ItemTarWriter writer = new(Stream.Null, Modified);
        BackupException error = await Assert.ThrowsAsync<BackupException>(
            () => writer.AddAsync(new ItemKey("pods", "a", name), "v1", true, "{}"u8.ToArray(), None));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
    }

    [Fact]
    public async Task A_tarball_cut_off_anywhere_is_damaged_and_the_error_says_so()
    {
        byte[] whole = VeleroFixture.BackupFile("t1", "t1.tar.gz");
        const int TrailerBytes = 16; // the last, empty block and the check sum: without them all content is there still
        for (int length = 0; length < whole.Length - TrailerBytes; length += 7)
        {
            BackupException error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(whole[..length]));
            Assert.Equal(ErrorKind.Corrupt, error.Kind);
            Assert.Contains("the tarball of the test", error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(error.Remedy);
        }
    }

    [Fact]
    public async Task A_flipped_bit_is_never_silently_accepted()
    {
        byte[] whole = VeleroFixture.BackupFile("t3", "t3.tar.gz");
        List<string> good = [.. (await ReadAsync(whole)).Select(item => $"{item.Key} {Encoding.UTF8.GetString(item.Json.Span)}")];
        Random random = TestSeed.Random();
        for (int round = 0; round < 300; round++)
        {
            byte[] bad = [.. whole];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                // Bits of the gzip header (time, system) carry nothing.
                Assert.Equal(good, (await ReadAsync(bad)).Select(item => $"{item.Key} {Encoding.UTF8.GetString(item.Json.Span)}"));
            }
            catch (BackupException e)
            {
                Assert.Equal(ErrorKind.Corrupt, e.Kind);
            }
        }
    }

    [Theory]
    [InlineData("../evil.json")]
    [InlineData("/etc/passwd")]
    [InlineData("resources/pods/namespaces/../../x.json")]
    [InlineData("resources/pods/namespaces/a/..\\b.json")]
    [InlineData("resources//x.json")]
    [InlineData("./resources/pods/cluster/x.json")]
    public async Task A_path_that_leads_out_of_the_tarball_is_refused(string path)
    {
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(Zip(Entry(path, "{}"u8), End)));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
        Assert.Contains("leads out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_length_is_refused_before_memory_is_taken()
    {
        byte[] header = new byte[TarFormat.BlockBytes];
        TarFormat.WriteHeader(header, "", "resources/pods/cluster/x.json", 493, 8_000_000_000, Modified, TarFormat.RegularFile);
        long before = GC.GetAllocatedBytesForCurrentThread();
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(Zip(header)));
        Assert.Contains("8000000000 bytes", error.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < BackupTarReader.MaxItemBytes);

        byte[] negative = [.. header];
        negative.AsSpan(TarFormat.SizeOffset, TarFormat.SizeBytes).Fill(0xff);
        Encoding.ASCII.GetBytes(Convert.ToString(TarFormat.Checksum(negative), 8).PadLeft(6, '0') + "\0 ").CopyTo(negative, TarFormat.ChecksumOffset);
        error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(Zip(negative)));
        Assert.Contains("no number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_after_the_end_is_damage_since_it_would_be_lost()
    {
        byte[] whole = Zip(Entry("resources/pods/cluster/a.json", "{}"u8), End, Entry("resources/pods/cluster/b.json", "{}"u8), End);
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(whole));
        Assert.Contains("after its end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_folders_and_unknown_entries_are_passed_over()
    {
        byte[] link = new byte[TarFormat.BlockBytes];
        TarFormat.WriteHeader(link, "", "resources/pods/cluster/link.json", 511, 0, Modified, (byte)'2');
        byte[] folder = new byte[TarFormat.BlockBytes];
        TarFormat.WriteHeader(folder, "", "resources/pods/", 493, 0, Modified, (byte)'5');
        List<ArchivedItem> read = await ReadAsync(Zip(folder, link, Entry("resources/pods/README", "x"u8), Entry("resources/pods/cluster/a.json", "{}"u8), End));
        Assert.Equal([new ItemKey("pods", null, "a")], read.Select(item => item.Key));
    }

    [Fact]
    public async Task An_empty_tarball_has_no_items() =>
        Assert.Empty(await ReadAsync([.. ItemTarWriter.HeaderPart(Modified), .. ItemTarWriter.EndPart()]));

    [Theory]
    [InlineData("no gzip at all")]
    [InlineData("")]
    public async Task What_is_no_tarball_is_an_error(string text) =>
        Assert.Equal(ErrorKind.Corrupt, (await Assert.ThrowsAsync<BackupException>(() => ReadAsync(Encoding.UTF8.GetBytes(text)))).Kind);

    private static byte[] End => new byte[TarFormat.BlockBytes * 2];

    private static byte[] Entry(string path, ReadOnlySpan<byte> content)
    {
        byte[] blocks = new byte[TarFormat.BlockBytes + content.Length + TarFormat.PaddingAfter(content.Length)];
        TarFormat.WriteHeader(blocks, "", path, 493, content.Length, Modified, TarFormat.RegularFile);
        content.CopyTo(blocks.AsSpan(TarFormat.BlockBytes));
        return blocks;
    }

    private static byte[] Zip(params byte[][] blocks)
    {
        using MemoryStream buffer = new();
        using (GZipStream gzip = new(buffer, CompressionLevel.Optimal))
        {
            foreach (byte[] block in blocks)
            {
                gzip.Write(block);
            }
        }

        return buffer.ToArray();
    }

    private static async Task<byte[]> PartAsync(params (ItemKey Key, string Version, string Json)[] items)
    {
        using MemoryStream part = new();
        await using ItemTarWriter writer = new(part, Modified);
        foreach ((ItemKey key, string version, string json) in items)
        {
            await writer.AddAsync(key, version, isPreferredVersion: true, Encoding.UTF8.GetBytes(json), None);
        }

        await writer.CompleteAsync(None);
        return part.ToArray();
    }

    private static async Task<List<ArchivedItem>> ReadAsync(byte[] tarball)
    {
        List<ArchivedItem> items = [];
        await foreach (ArchivedItem item in BackupTarReader.ReadAsync(new MemoryStream(tarball), "the tarball of the test", null, None))
        {
            items.Add(item);
        }

        return items;
    }

    private static string VersionOf(ArchivedItem item) =>
        System.Text.Json.Nodes.JsonNode.Parse(item.Json.Span)!["apiVersion"]!.GetValue<string>().Split('/')[^1];

    // The class library's own reader shares no code with the writer.
    private static List<(string Path, string Content, int Mode, string Type)> Entries(byte[] tarball)
    {
        using GZipStream gzip = new(new MemoryStream(tarball), CompressionMode.Decompress);
        using System.Formats.Tar.TarReader reader = new(gzip);
        List<(string, string, int, string)> entries = [];
        while (reader.GetNextEntry() is { } entry)
        {
            using StreamReader content = new(entry.DataStream!, Encoding.UTF8);
            entries.Add((entry.Name, content.ReadToEnd(), (int)entry.Mode, entry.EntryType.ToString()));
        }

        return entries;
    }

    private static async Task<string> RunTarAsync(string path)
    {
        ProcessStartInfo start = new("tar") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { "tvzf", path, "--quoting-style=literal" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(None);
        string errors = await process.StandardError.ReadToEndAsync(None);
        await process.WaitForExitAsync(None);
        Assert.Equal((0, ""), (process.ExitCode, errors));
        return output;
    }
}
