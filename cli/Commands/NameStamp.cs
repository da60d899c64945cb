using System.Globalization;

namespace BackupFunctions.Cli.Commands;

/// <summary>Names made from another name and the local time, as Velero makes them.</summary>
internal static class NameStamp
{
    public static string Of(string name, TimeProvider time) => $"{name}-{time.GetLocalNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
}
