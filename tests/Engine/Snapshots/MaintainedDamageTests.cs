using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Tests.Engine.Repository;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Verification and repair of repositories that were maintained: old copies, merged indexes, deletions.</summary>
public sealed class MaintainedDamageTests : IDisposable
{
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MaintainedTrees _trees;
    private readonly MemoryBlobStore _store;

    public MaintainedDamageTests()
    {
        _trees = new MaintainedTrees { Time = _time };
        _store = new MemoryBlobStore { Time = _time };
    }

    public void Dispose() => _trees.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task After_maintenance_all_is_whole_and_a_lost_index_is_rebuilt(int version)
    {
        Random random = TestSeed.Random();
        await using (KopiaRepository repository = await _trees.CreateAsync(_store, version))
        {
            for (int i = 0; i < 4; i++)
            {
                _trees.Fill(random, $"{i}", 3, 40_000);
                ManifestId snapshot = await _trees.SnapshotAsync(repository);
                if (i % 2 == 0)
                {
                    await _trees.ForgetAsync(repository, snapshot);
                }
            }
        }

        _time.Advance(TimeSpan.FromHours(30));
        await _trees.MaintainAsync(_store, MaintainedTrees.Careful);
        await AssertWholeAsync();
        await _trees.MaintainAsync(_store, MaintainedTrees.AtOnce);
        await AssertWholeAsync();

        foreach (string name in _store.Names.Where(static name => name[0] is 'x' or 'n' or 'm').ToList())
        {
            _store.Remove(name);
        }

        RepairReport report = await RepositoryRepairer.RepairAsync(_store, RepositoryRun.Password, RepositoryRun.Options, new RepairOptions(), _time, null, CancellationToken.None);
        Assert.True(report.ContentsRecovered > 0);
        await AssertWholeAsync();
        Assert.Empty(await _trees.FindBrokenAsync(_store));

        _time.Advance(TimeSpan.FromHours(30));
        await _trees.MaintainAsync(_store, MaintainedTrees.AtOnce);
        await AssertWholeAsync();
        Assert.Empty(await _trees.FindBrokenAsync(_store));
    }

    private async Task AssertWholeAsync()
    {
        await using KopiaRepository repository = await _trees.OpenAsync(_store);
        VerificationReport report = await new SnapshotVerifier(repository).VerifyAsync(VerificationOptions.Full, null, CancellationToken.None);
        Assert.True(report.IsWhole, VerificationStore.Describe(report));
    }
}
