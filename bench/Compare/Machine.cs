using System.Globalization;
using System.Runtime.InteropServices;

namespace BackupFunctions.Bench.Compare;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        const string Model = "model name";
        string processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith(Model, StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "a processor"
            : $"{RuntimeInformation.ProcessArchitecture}";
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{processor}, {Environment.ProcessorCount} cores, {memory / 1e9:F0} GB, {RuntimeInformation.FrameworkDescription}");
    }
}
