using System.Globalization;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Repository;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots.Histories;

/// <summary>
/// One repository's life by chance: snapshots of trees that change, deletions, maintenance of every kind, two writers at a time,
/// writers and maintenances that are killed, time that passes. After every step another process's view must hold exactly the
/// snapshots that there should be, and each must restore exactly.
/// </summary>
internal sealed class RandomHistory : IAsyncDisposable
{
    private const int SourceCount = 3, MaxLive = 6;
    private static readonly TimeSpan StepLimit = TimeSpan.FromMinutes(2);

    private readonly HistoryClock _clock = new();
    private readonly MemoryBlobStore _store;
    private readonly Random _random;
    private readonly string _folder;
    private readonly HistoryTree[] _trees;
    private readonly SortedDictionary<ManifestId, LiveSnapshot> _live = [];
    private readonly List<string> _steps = [];
    private readonly List<KopiaRepository> _opened = [];
    private int _restores;

    private RandomHistory(Random random)
    {
        _random = random;
        _store = new MemoryBlobStore { Time = _clock };
        _folder = Directory.CreateTempSubdirectory("bf-history-").FullName;
        byte[][] common = [.. Enumerable.Range(0, 3).Select(_ => RepositoryRun.RandomBytes(random, random.Next(1000, 400_000)))];
        _trees = [.. Enumerable.Range(0, SourceCount).Select(source => new HistoryTree(Path.Combine(_folder, $"source{source}"), common))];
    }

    /// <summary>What happened so far, one line each.</summary>
    public IReadOnlyList<string> Steps => _steps;

    private KopiaRepository Reader => _opened[0];

    private KopiaRepository Writer => _opened[1];

    private KopiaRepository OtherWriter => _opened[2];

    public static async Task<RandomHistory> StartAsync(Random random, NewRepositoryOptions create)
    {
        RandomHistory history = new(random);
        await (await KopiaRepository.CreateAsync(history._store, RepositoryRun.Password, create, RepositoryRun.Options, history._clock, CancellationToken.None)).DisposeAsync();
        if (create.FormatVersion > 1)
        {
            SmallEpochs.Apply(history._store, RepositoryRun.Password);
        }

        for (int i = 0; i < 3; i++)
        {
            history._opened.Add(await history.OpenAsync(history._store));
        }

        return history;
    }

    /// <summary>Makes one step, and checks what is there afterwards.</summary>
    public async Task StepAsync()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(_random.Next(5000)));
        await StepAsync(_live.Count >= MaxLive ? 12 : _random.Next(28)).WaitAsync(StepLimit);
        await CheckAsync().WaitAsync(StepLimit);
    }

    /// <summary>Every byte that is stored must be in order, whatever was killed on the way.</summary>
    public async Task VerifyAsync()
    {
        VerificationReport verified = await new SnapshotVerifier(Reader).VerifyAsync(VerificationOptions.Full, null, CancellationToken.None);
        Assert.True(verified.IsWhole, string.Join('\n', verified.Findings));
    }

    /// <summary>
    /// Lets garbage collection take the marks from contents that a slow writer's snapshot needs. Until then they can be read, here and in Kopia,
    /// but not everybody's reader does so.
    /// </summary>
    public Task TakeMarksBackAsync() => MaintainAsync(MaintenanceMode.Full, MaintenanceSafety.Full);

    /// <summary>Writes all blobs as files.</summary>
    public void SaveTo(string folder) => _store.SaveTo(folder);

    public async ValueTask DisposeAsync()
    {
        foreach (KopiaRepository repository in _opened)
        {
            await repository.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StepAsync(int kind)
    {
        switch (kind)
        {
            case <= 4:
                Note("snapshot");
                await AddAsync(Writer, _random.Next(SourceCount));
                break;
            case <= 6:
                await TwoWritersAsync();
                break;
            case <= 9:
                await KilledWriterAsync();
                break;
            case <= 12:
                await DeleteAsync();
                break;
            case <= 14:
                await MaintainAsync(MaintenanceMode.Quick, MaintenanceSafety.Full);
                break;
            case <= 16:
                await MaintainAsync(MaintenanceMode.Full, MaintenanceSafety.Full);
                break;
            case <= 18:
                await MaintainAsync(MaintenanceMode.Full, MaintenanceSafety.None);
                break;
            case <= 20:
                await KilledMaintenanceAsync();
                break;
            case <= 22:
                await SlowWriterAsync();
                break;
            default:
                TimeSpan passed = TimeSpan.FromMinutes(Math.Pow(10, _random.NextDouble() * 3.6)); // 1 minute to 3 days
                Note($"{passed} pass");
                _clock.Advance(passed);
                break;
        }
    }

    private async Task TwoWritersAsync()
    {
        int first = _random.Next(SourceCount);
        int second = (first + 1) % SourceCount;
        Note($"two writers, sources {first} and {second}");
        _trees[first].Change(_random);
        _trees[second].Change(_random);
        (ManifestId, LiveSnapshot)[] taken = await Task.WhenAll(
            Task.Run(() => SnapshotAsync(Writer, first, "")), Task.Run(() => SnapshotAsync(OtherWriter, second, "")));
        foreach ((ManifestId id, LiveSnapshot snapshot) in taken)
        {
            _live.Add(id, snapshot);
        }
    }

    /// <summary>A new process takes a snapshot and is killed on the way, so that the snapshot is there or not; if it is, it must be whole.</summary>
    private async Task KilledWriterAsync()
    {
        int source = _random.Next(SourceCount);
        int write = _random.Next(1, 9);
        bool afterwards = _random.Next(2) == 0;
        Note($"a writer of source {source} killed {(afterwards ? "after" : "before")} write {write}");
        _trees[source].Change(_random);
        string mark = string.Create(CultureInfo.InvariantCulture, $"step {_steps.Count}");
        KilledBlobStore killed = new(_store, write, afterwards);
        LiveSnapshot expected = new(source, HistoryTree.Describe(_trees[source].Root));
        try
        {
            await using KopiaRepository process = await OpenAsync(killed);
            (ManifestId id, _) = await SnapshotAsync(process, source, mark);
            _live.Add(id, expected);
            return;
        }
        catch (BackupException dead) when (dead.Kind == ErrorKind.Unavailable && killed.IsDead)
        {
            _steps[^1] += ": dead";
        }

        await Reader.RefreshAsync(CancellationToken.None);
        foreach (TreeSnapshot left in (await new SnapshotCatalog(Reader).ListAsync(CancellationToken.None)).Snapshots.Where(snapshot => snapshot.Description == mark))
        {
            _steps[^1] += ", but the snapshot is there";
            _live.Add(left.Id, expected);
        }
    }

    private async Task MaintainAsync(MaintenanceMode mode, MaintenanceSafety safety)
    {
        Note($"{mode} maintenance, safety {safety}");
        MaintenanceReport report = await new SnapshotMaintenance(OtherWriter).RunAsync(new MaintenanceOptions { Mode = mode, Safety = safety }, CancellationToken.None);
        _steps[^1] += string.Create(CultureInfo.InvariantCulture, $": {report.DeletedBlobs} blobs, {report.FreedBytes} bytes freed");
        await AfterMaintenanceAsync(safety);
    }

    /// <summary>A new process maintains the repository and is killed on the way; no snapshot may be worse for it.</summary>
    private async Task KilledMaintenanceAsync()
    {
        MaintenanceSafety safety = _random.Next(2) == 0 ? MaintenanceSafety.None : MaintenanceSafety.Full;
        int write = _random.Next(1, 15);
        bool afterwards = _random.Next(2) == 0;
        Note($"Full maintenance, safety {safety}, killed {(afterwards ? "after" : "before")} write {write}");
        KilledBlobStore killed = new(_store, write, afterwards);
        try
        {
            await using KopiaRepository process = await OpenAsync(killed);
            await new SnapshotMaintenance(process).RunAsync(new MaintenanceOptions { Mode = MaintenanceMode.Full, Safety = safety }, CancellationToken.None);
        }
        catch (BackupException dead) when (dead.Kind == ErrorKind.Unavailable && killed.IsDead)
        {
            _steps[^1] += ": dead";
        }

        await AfterMaintenanceAsync(safety);
    }

    /// <summary>Without safety nobody else may have the repository open, so what is open here is as if opened anew.</summary>
    private async Task AfterMaintenanceAsync(MaintenanceSafety safety)
    {
        if (safety == MaintenanceSafety.None)
        {
            await Writer.RefreshAsync(CancellationToken.None);
            await OtherWriter.RefreshAsync(CancellationToken.None);
        }
    }

    /// <summary>A writer has read its tree and found out what is there already; others delete and maintain with all safety; then it publishes.</summary>
    private async Task SlowWriterAsync()
    {
        int source = _random.Next(SourceCount);
        Note($"a slow writer of source {source}");
        _trees[source].Change(_random);
        await using WriteSession session = await Writer.StartWriteSessionAsync(CancellationToken.None);
        TreeUploadResult upload = await UploadAsync(Writer, session, source, "");
        ManifestId id = SnapshotCatalog.Put(session, upload.Snapshot);
        await DeleteAsync();
        _clock.Advance(TimeSpan.FromMinutes(_random.Next(20)));
        await MaintainAsync(MaintenanceMode.Full, MaintenanceSafety.Full);
        _clock.Advance(TimeSpan.FromMinutes(_random.Next(20)));
        await session.FlushAsync(CancellationToken.None);
        Note($"the slow writer has published {id}");
        _live.Add(id, new LiveSnapshot(source, HistoryTree.Describe(_trees[source].Root)));
    }

    /// <summary>Deletes every snapshot and maintains without safety: then no file's data may be left in the store.</summary>
    public async Task EndAsync()
    {
        await using (WriteSession session = await Writer.StartWriteSessionAsync(CancellationToken.None))
        {
            foreach (ManifestId id in _live.Keys)
            {
                SnapshotCatalog.Delete(session, id);
            }

            await session.FlushAsync(CancellationToken.None);
        }

        _live.Clear();
        for (int run = 0; run < 2; run++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await MaintainAsync(MaintenanceMode.Full, MaintenanceSafety.None);
        }

        await CheckAsync();
        Assert.DoesNotContain(_store.Names, static name => name.StartsWith('p'));
    }

    private async Task DeleteAsync()
    {
        if (_live.Count == 0)
        {
            return;
        }

        ManifestId id = _live.Keys.ElementAt(_random.Next(_live.Count));
        Note($"delete {id}");
        await using WriteSession session = await OtherWriter.StartWriteSessionAsync(CancellationToken.None);
        SnapshotCatalog.Delete(session, id);
        await session.FlushAsync(CancellationToken.None);
        _live.Remove(id);
    }

    private async Task AddAsync(KopiaRepository repository, int source)
    {
        _trees[source].Change(_random);
        (ManifestId id, LiveSnapshot snapshot) = await SnapshotAsync(repository, source, "");
        _live.Add(id, snapshot);
        _steps[^1] += $" of source {source}: {id}";
    }

    private async Task<(ManifestId Id, LiveSnapshot Snapshot)> SnapshotAsync(KopiaRepository repository, int source, string description)
    {
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        TreeUploadResult upload = await UploadAsync(repository, session, source, description);
        ManifestId id = SnapshotCatalog.Put(session, upload.Snapshot);
        await session.FlushAsync(CancellationToken.None);
        return (id, new LiveSnapshot(source, HistoryTree.Describe(_trees[source].Root)));
    }

    /// <summary>Uploads the tree on top of the newest snapshot that the repository's view shows.</summary>
    private async Task<TreeUploadResult> UploadAsync(KopiaRepository repository, WriteSession session, int source, string description)
    {
        SnapshotSource identity = new("host", "user", string.Create(CultureInfo.InvariantCulture, $"/source{source}"));
        SnapshotListing earlier = await new SnapshotCatalog(repository).ListAsync(identity, CancellationToken.None);
        TreeUploadResult upload = await new TreeUploader(repository, new UploadOptions(), _clock).UploadAsync(
            session,
            _trees[source].Root,
            "root",
            new SnapshotDescription(identity, description, new Dictionary<string, string>(), []),
            [.. earlier.Snapshots.TakeLast(1)],
            null,
            CancellationToken.None);
        Assert.Empty(upload.Failures);
        return upload;
    }

    private async Task CheckAsync()
    {
        await Reader.RefreshAsync(CancellationToken.None);
        SnapshotListing listing = await new SnapshotCatalog(Reader).ListAsync(CancellationToken.None);
        Assert.Empty(listing.Unreadable);
        Assert.Equal(_live.Keys, listing.Snapshots.Select(static snapshot => snapshot.Id).Order());
        TreeRestorer restorer = new(Reader, new TreeRestoreOptions { Sync = false }, _clock);
        foreach (TreeSnapshot snapshot in listing.Snapshots)
        {
            string target = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"restored{_restores++}"));
            TreeRestoreResult result = await restorer.RestoreAsync(snapshot.Root, target, null, CancellationToken.None);
            Assert.Empty(result.Problems);
            Assert.Equal(_live[snapshot.Id].Tree, HistoryTree.Describe(target));
            Directory.Delete(target, recursive: true);
        }
    }

    private Task<KopiaRepository> OpenAsync(IBlobStore store) => RepositoryRun.OpenAsync(store, RepositoryRun.Options, _clock);

    private void Note(string step) => _steps.Add(string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():u} {step}"));
}
