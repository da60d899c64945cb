namespace BackupFunctions.Cli.Demo;

/// <summary>
/// Fills the sample cluster's volumes: media of many sizes, thousands of thumbnails, database-like blocks, logs, and all that
/// file systems know beyond plain files: symbolic and hard links, odd modes and names, a sparse file.
/// </summary>
internal sealed class SampleVolumes(string volumes, int seed)
{
    private const int Kibibyte = 1024;
    private const int Mebibyte = 1024 * Kibibyte;

    private static readonly DateTime FirstTime = new(2026, 10, 1, 4, 30, 0, DateTimeKind.Utc);
    private static readonly TimeSpan TimeStep = TimeSpan.FromSeconds(97.123456);

    public async Task<SampleVolumesSummary> FillAsync(CancellationToken cancellationToken)
    {
        await FillMediaAsync(Writer("arr-media"), cancellationToken);
        await FillJellyfinAsync(Writer("arr-jellyfin-config"), cancellationToken);
        await FillLogsAsync(Writer("arr-sonarr-config"), "sonarr", cancellationToken);
        await FillLogsAsync(Writer("arr-radarr-config"), "radarr", cancellationToken);
        await FillPrometheusAsync(Writer("monitoring-data-prometheus-0"), cancellationToken);
        await FillGrafanaAsync(Writer("monitoring-grafana-data"), cancellationToken);
        return SetTimes();
    }

    private static async Task FillMediaAsync(SampleFileWriter media, CancellationToken cancellationToken)
    {
        await media.RandomAsync("movies/Der Wanderer (2019)/Der Wanderer (2019).mkv", 24 * Mebibyte, cancellationToken);
        await media.RandomAsync("movies/Øst for sola (1991)/Øst for sola (1991).mkv", (7 * Mebibyte) + 4321, cancellationToken);
        await media.RandomAsync("movies/夏の庭 (1994)/夏の庭 (1994).mkv", 5 * Mebibyte, cancellationToken);
        for (int episode = 1; episode <= 6; episode++)
        {
            await media.RandomAsync($"shows/Küstenwache/Season 01/Küstenwache - S01E{episode:D2}.mkv", (2 * Mebibyte) + (episode * 1000), cancellationToken);
        }

        for (int track = 1; track <= 10; track++)
        {
            await media.RandomAsync($"music/Wetterleuchten/{track:D2} - Spur {track}.flac", (Mebibyte / 2) + (track * 777), cancellationToken);
        }

        // What a download client leaves: the same file twice under one inode, and once more as a copy.
        media.HardLink("movies/夏の庭 (1994)/夏の庭 (1994).mkv", "downloads/complete/natsu.no.niwa.mkv");
        media.Copy("movies/Øst for sola (1991)/Øst for sola (1991).mkv", "downloads/complete/ost.for.sola.mkv");
        media.SymbolicLink("latest", "movies/Der Wanderer (2019)");
        media.SymbolicLink("downloads/dangling", "../removed/long ago.mkv");
        await media.TextAsync("downloads/odd names/ leading, trailing ", 1, cancellationToken);
        await media.TextAsync("downloads/odd names/quotes \"'` and $(dollar) & more;.txt", 2, cancellationToken);
        await media.TextAsync("downloads/odd names/new\nline.txt", 3, cancellationToken);
        await media.TextAsync("downloads/odd names/e\u0301 and é are two names.txt", 4, cancellationToken);
        await media.TextAsync("downloads/odd names/" + new string('ü', 120) + ".txt", 5, cancellationToken);
        await media.TextAsync("downloads/empty.nfo", 0, cancellationToken);
        media.MakeFolder("downloads/incomplete");
        media.SetMode("downloads", (UnixFileMode)0b010_111_111_101); // 2775: group of the folder for all new files
        media.SetMode("downloads/incomplete", (UnixFileMode)0b001_111_111_111); // 1777
        media.SetMode("downloads/empty.nfo", (UnixFileMode)0b100_000_000); // 0400
    }

    private static async Task FillJellyfinAsync(SampleFileWriter jellyfin, CancellationToken cancellationToken)
    {
        const int Thumbnails = 2400;
        for (int i = 0; i < Thumbnails; i++)
        {
            await jellyfin.RandomAsync($"metadata/library/{i % 48:x2}/{i:x6}/poster.jpg", 300 + (i * 37 % 4000), cancellationToken);
        }

        await jellyfin.SparseAsync("transcodes/segment.ts", 64L * Mebibyte, [0, 20L * Mebibyte, (64L * Mebibyte) - (100 * Kibibyte)], 100 * Kibibyte, cancellationToken);
        await jellyfin.TextAsync("plugins/run.sh", 20, cancellationToken);
        jellyfin.SetMode("plugins/run.sh", (UnixFileMode)0b100_111_101_101); // 4755
        jellyfin.SymbolicLink("data/current.db", "library.db");
    }

    private static async Task FillLogsAsync(SampleFileWriter config, string app, CancellationToken cancellationToken)
    {
        for (int i = 1; i <= 20; i++)
        {
            await config.TextAsync($"logs/{app}.{i}.txt", 700, cancellationToken);
        }

        await config.RandomAsync($"Backups/scheduled/{app}_backup_v4_2026.11.15.zip", 300 * Kibibyte, cancellationToken);
        config.SetMode("config.xml", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task FillPrometheusAsync(SampleFileWriter prometheus, CancellationToken cancellationToken)
    {
        foreach (string block in (string[])["01JCZ4K9Q0M6D2X8C3F5H7J9KB", "01JD1ZD8W0R4T6Y8P0A2S4D6FC"])
        {
            await prometheus.RandomAsync($"{block}/chunks/000001", 3 * Mebibyte, cancellationToken);
            await prometheus.TextAsync($"{block}/index", 9000, cancellationToken);
            await prometheus.TextAsync($"{block}/meta.json", 8, cancellationToken);
            await prometheus.TextAsync($"{block}/tombstones", 0, cancellationToken);
        }

        await prometheus.SparseAsync("wal/00000013", 2L * Mebibyte, [0], 700 * Kibibyte, cancellationToken);
        prometheus.SetMode("queries.active", (UnixFileMode)0b110_110_110); // 0666
    }

    private static async Task FillGrafanaAsync(SampleFileWriter grafana, CancellationToken cancellationToken)
    {
        const int Pictures = 300;
        for (int i = 0; i < Pictures; i++)
        {
            await grafana.RandomAsync($"png/{i:D4}.png", 1500 + (i * 53 % 6000), cancellationToken);
        }
    }

    private SampleFileWriter Writer(string claim) =>
        new(Directory.EnumerateDirectories(volumes, claim + "-pvc-*").Single(), seed);

    /// <summary>Times that follow from the names alone, folders after what is in them.</summary>
    private SampleVolumesSummary SetTimes()
    {
        int files = 0;
        long bytes = 0;
        DateTime time = FirstTime;
        EnumerationOptions options = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        foreach (FileInfo file in new DirectoryInfo(volumes).EnumerateFiles("*", options).OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            file.LastWriteTimeUtc = time += TimeStep;
            files++;
            bytes += file.Length;
        }

        foreach (DirectoryInfo folder in new DirectoryInfo(volumes).EnumerateDirectories("*", options).OrderByDescending(folder => folder.FullName, StringComparer.Ordinal))
        {
            folder.LastWriteTimeUtc = time += TimeStep;
        }

        return new SampleVolumesSummary(Directory.EnumerateDirectories(volumes).Count(), files, bytes);
    }
}
