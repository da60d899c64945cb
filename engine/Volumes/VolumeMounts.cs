using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Volumes;

/// <summary>The places where volumes' data is seen: the setting behind the strategy <c>mount</c>.</summary>
public sealed record VolumeMounts(IReadOnlyList<VolumeMount> Entries)
{
    /// <summary>Nothing is mounted.</summary>
    public static VolumeMounts None { get; } = new([]);

    /// <summary>
    /// Reads entries separated by commas, semicolons or line ends: <c>nas.lan:/volume1/k8s=/mnt/nas</c> for an NFS export,
    /// <c>/var/lib/data=/host/data</c> for a path on the nodes. Empty text means none.
    /// </summary>
    /// <exception cref="BackupException">InvalidInput: an entry is malformed.</exception>
    public static VolumeMounts Parse(string text) => new(
        [.. text.Split([',', ';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseEntry)]);

    public override string ToString() => string.Join(',', Entries);

    private static VolumeMount ParseEntry(string entry)
    {
        int equals = entry.LastIndexOf('=');
        string source = equals < 0 ? "" : entry[..equals].Trim();
        string local = equals < 0 ? "" : entry[(equals + 1)..].Trim();
        int colon = source.IndexOf(":/", StringComparison.Ordinal);
        string? server = colon > 0 ? source[..colon] : null;
        string path = colon > 0 ? source[(colon + 1)..] : source;
        if (!path.StartsWith('/') || !Path.IsPathFullyQualified(local) || HasDots(path) || HasDots(local))
        {
            throw new BackupException(
                ErrorKind.InvalidInput,
                $"'{entry}' is not a volume mount.",
                "Write server:/export/path=/local/folder for an NFS export, or /node/path=/local/folder for a folder of the nodes.");
        }

        return new VolumeMount(server, NormalPath.Of(path), NormalPath.Of(local));
    }

    private static bool HasDots(string path) => path.Split('/').Any(part => part is "." or "..");
}
