namespace BackupFunctions.Tests;

/// <summary>The seed of a random test: from TEST_SEED, else fresh; printed, so that a failure can be repeated.</summary>
internal static class TestSeed
{
    public static Random Random() => Random(Choose());

    public static Random Random(int seed)
    {
        Console.WriteLine($"TEST_SEED={seed}");
        return new Random(seed);
    }

    /// <summary>What <see cref="Random()"/> would take, for tests that name the seed themselves when they fail.</summary>
    public static int Choose() =>
        int.TryParse(Environment.GetEnvironmentVariable("TEST_SEED"), out var seed) ? seed : System.Random.Shared.Next();
}
