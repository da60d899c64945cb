using System.Globalization;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Tests.Engine.Repository;
using BackupFunctions.Tests.Peers;
using Xunit;
using Xunit.Sdk;

namespace BackupFunctions.Tests.Engine.Snapshots.Histories;

/// <summary>
/// Random histories. TEST_SEED repeats one; TEST_HISTORIES says how many of each kind are made instead of one, and TEST_STEPS how
/// long they are.
/// </summary>
public sealed class RandomHistoryTests
{
    [Theory]
    [InlineData(1, "HMAC-SHA256", "FIXED-128K")]
    [InlineData(2, "HMAC-SHA256-128", "DYNAMIC-128K-BUZHASH")]
    [InlineData(3, "BLAKE2B-256-128", "DYNAMIC-128K-RABINKARP")]
    public async Task After_every_step_of_any_history_every_snapshot_restores_exactly(int formatVersion, string hash, string splitter)
    {
        NewRepositoryOptions create = new() { FormatVersion = formatVersion, Hash = hash, Splitter = splitter };
        for (int histories = Setting("TEST_HISTORIES", 1); histories > 0; histories--)
        {
            int seed = TestSeed.Choose();
            await RunAsync(create, TestSeed.Random(seed), seed, Setting("TEST_STEPS", 40));
        }
    }

    private static async Task RunAsync(NewRepositoryOptions create, Random random, int seed, int steps)
    {
        await using RandomHistory history = await RandomHistory.StartAsync(random, create);
        try
        {
            for (int i = 0; i < steps; i++)
            {
                await history.StepAsync();
            }

            await history.VerifyAsync();
            await CheckByOthersAsync(history);
            await history.EndAsync();
        }
        catch (Exception failure)
        {
            throw new XunitException($"TEST_SEED={seed}, format {create.FormatVersion}:\n{string.Join('\n', history.Steps)}\n{failure}");
        }
    }

    private static async Task CheckByOthersAsync(RandomHistory history)
    {
        if (KopiaChecker.ReasonMissing is not null)
        {
            return;
        }

        string folder = Directory.CreateTempSubdirectory("bf-history-").FullName;
        try
        {
            await history.TakeMarksBackAsync();
            history.SaveTo(folder);
            KopiaCheckResult check = await KopiaChecker.RunAsync(folder, RepositoryRun.Password);
            Assert.True(check.ExitCode == 0, check.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Setting(string name, int normally) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : normally;
}
