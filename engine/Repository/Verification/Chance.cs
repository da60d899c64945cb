using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>Chooses samples.</summary>
internal static class Chance
{
    private const int Steps = 1_000_000;

    /// <summary>A number from 0 to under 100.</summary>
    public static double NextPercent() => RandomNumberGenerator.GetInt32(Steps) * 100.0 / Steps;
}
