using System.Buffers;
using System.Text.Json;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>
/// The value of a snapshot's manifest entry and its labels. Types must be exactly Kopia's (snapshot/manifest.go, v0.23.1): a manifest
/// that it cannot parse is invisible to it, and its garbage collection then removes the data.
/// </summary>
internal static class SnapshotJson
{
    private static readonly string[] OwnLabels = ["type", "hostname", "username", "path"];

    public static Dictionary<string, string> LabelsOf(SnapshotSource source) => new()
    {
        ["type"] = "snapshot",
        ["hostname"] = source.Host,
        ["username"] = source.UserName,
        ["path"] = source.Path,
    };

    public static Dictionary<string, string> LabelsOf(TreeSnapshot snapshot)
    {
        Dictionary<string, string> labels = LabelsOf(snapshot.Source);
        foreach ((string key, string value) in snapshot.Tags)
        {
            if (OwnLabels.Contains(key))
            {
                throw new ArgumentException($"A snapshot's tag must not be named '{key}'.", nameof(snapshot));
            }

            labels[key] = value;
        }

        return labels;
    }

    public static ReadOnlyMemory<byte> Write(TreeSnapshot snapshot)
    {
        ArrayBufferWriter<byte> output = new(1024);
        output.Raw("{\"id\":\"\",\"source\":{\"host\":"u8);
        output.Text(snapshot.Source.Host);
        output.Raw(",\"userName\":"u8);
        output.Text(snapshot.Source.UserName);
        output.Raw(",\"path\":"u8);
        output.Text(snapshot.Source.Path);
        output.Raw("},\"description\":"u8);
        output.Text(snapshot.Description);
        output.Raw(",\"startTime\":"u8);
        output.Time(snapshot.StartTime);
        output.Raw(",\"endTime\":"u8);
        output.Time(snapshot.EndTime);
        WriteStatistics(output, snapshot.Statistics);
        if (snapshot.IncompleteReason is { } reason)
        {
            output.Raw(",\"incomplete\":"u8);
            output.Text(reason);
        }

        output.Raw(",\"rootEntry\":"u8);
        EntryWriter.Write(output, snapshot.Root);
        WriteTags(output, snapshot.Tags);
        WritePins(output, snapshot.Pins);
        output.Raw("}"u8);
        return output.WrittenMemory;
    }

    /// <exception cref="RepositoryCorruptException">The value is not a snapshot.</exception>
    public static TreeSnapshot Read(ManifestEntry manifest)
    {
        string where = $"(snapshot {manifest.Id})";
        try
        {
            Utf8JsonReader json = new(manifest.Json.Span);
            json.Read();
            return Read(ref json, manifest.Id, where);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RepositoryCorruptException(where, null, "JSON", "something else", error);
        }
    }

    private static TreeSnapshot Read(ref Utf8JsonReader json, ManifestId id, string where)
    {
        SnapshotSource? source = null;
        string description = "";
        string? incomplete = null;
        UnixNanos start = default, end = default;
        SnapshotStatistics statistics = new(0, 0, 0, 0, 0);
        DirectoryEntry? root = null;
        Dictionary<string, string> tags = [];
        List<string> pins = [];
        _ = MemberReader.EnterObject(ref json, where) ? true : throw MemberReader.Wrong(where, "an object", "null");
        while (MemberReader.NextMember(ref json) is { } member)
        {
            switch (member)
            {
                case "source": source = ReadSource(ref json, where); break;
                case "description": description = MemberReader.Text(ref json, where); break;
                case "startTime": start = MemberReader.Time(ref json, where); break;
                case "endTime": end = MemberReader.Time(ref json, where); break;
                case "stats": statistics = ReadStatistics(ref json, where); break;
                case "incomplete": incomplete = MemberReader.Text(ref json, where) is { Length: > 0 } reason ? reason : null; break;
                case "rootEntry": root = EntryReader.ReadEntry(ref json, where); break;
                case "tags": tags = ReadTags(ref json, where); break;
                case "pins": pins = ReadPins(ref json, where); break;
                default: json.Skip(); break;
            }
        }

        return new TreeSnapshot
        {
            Id = id,
            Source = source ?? throw MemberReader.Wrong(where, "a source", "none"),
            Description = description,
            StartTime = start,
            EndTime = end,
            Statistics = statistics,
            IncompleteReason = incomplete,
            Root = root ?? throw MemberReader.Wrong(where, "a root entry", "none"),
            Tags = tags,
            Pins = pins,
        };
    }

    private static void WriteStatistics(ArrayBufferWriter<byte> output, SnapshotStatistics statistics)
    {
        output.Raw(",\"stats\":{\"totalSize\":"u8);
        output.Number(statistics.TotalBytes);
        output.Raw(",\"excludedTotalSize\":0,\"fileCount\":"u8);
        output.Number(statistics.ReadFiles);
        output.Raw(",\"cachedFiles\":"u8);
        output.Number(statistics.ReusedFiles);
        output.Raw(",\"nonCachedFiles\":"u8);
        output.Number(statistics.ReadFiles);
        output.Raw(",\"dirCount\":"u8);
        output.Number(statistics.Directories);
        output.Raw(",\"excludedFileCount\":0,\"excludedDirCount\":0,\"ignoredErrorCount\":0,\"errorCount\":"u8);
        output.Number(statistics.Errors);
        output.Raw("}"u8);
    }

    private static void WriteTags(ArrayBufferWriter<byte> output, IReadOnlyDictionary<string, string> tags)
    {
        ReadOnlySpan<byte> separator = ",\"tags\":{"u8;
        foreach ((string key, string value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            output.Raw(separator);
            output.Text(key);
            output.Raw(":"u8);
            output.Text(value);
            separator = ","u8;
        }

        output.Raw(tags.Count > 0 ? "}"u8 : default);
    }

    private static void WritePins(ArrayBufferWriter<byte> output, IReadOnlyList<string> pins)
    {
        ReadOnlySpan<byte> separator = ",\"pins\":["u8;
        foreach (string pin in pins)
        {
            output.Raw(separator);
            output.Text(pin);
            separator = ","u8;
        }

        output.Raw(pins.Count > 0 ? "]"u8 : default);
    }

    private static SnapshotSource ReadSource(ref Utf8JsonReader json, string where)
    {
        string host = "", userName = "", path = "";
        if (MemberReader.EnterObject(ref json, where))
        {
            while (MemberReader.NextMember(ref json) is { } member)
            {
                switch (member)
                {
                    case "host": host = MemberReader.Text(ref json, where); break;
                    case "userName": userName = MemberReader.Text(ref json, where); break;
                    case "path": path = MemberReader.Text(ref json, where); break;
                    default: json.Skip(); break;
                }
            }
        }

        return new SnapshotSource(host, userName, path);
    }

    private static SnapshotStatistics ReadStatistics(ref Utf8JsonReader json, string where)
    {
        SnapshotStatistics statistics = new(0, 0, 0, 0, 0);
        if (MemberReader.EnterObject(ref json, where))
        {
            while (MemberReader.NextMember(ref json) is { } member)
            {
                switch (member)
                {
                    case "totalSize": statistics = statistics with { TotalBytes = MemberReader.Number(ref json, where) }; break;
                    case "fileCount": statistics = statistics with { ReadFiles = (int)MemberReader.Number(ref json, where) }; break;
                    case "cachedFiles": statistics = statistics with { ReusedFiles = (int)MemberReader.Number(ref json, where) }; break;
                    case "dirCount": statistics = statistics with { Directories = (int)MemberReader.Number(ref json, where) }; break;
                    case "errorCount": statistics = statistics with { Errors = (int)MemberReader.Number(ref json, where) }; break;
                    default: json.Skip(); break;
                }
            }
        }

        return statistics;
    }

    private static Dictionary<string, string> ReadTags(ref Utf8JsonReader json, string where)
    {
        Dictionary<string, string> tags = [];
        if (MemberReader.EnterObject(ref json, where))
        {
            while (MemberReader.NextMember(ref json) is { } key)
            {
                tags[key] = MemberReader.Text(ref json, where);
            }
        }

        return tags;
    }

    private static List<string> ReadPins(ref Utf8JsonReader json, string where)
    {
        List<string> pins = [];
        if (MemberReader.EnterArray(ref json, where))
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                pins.Add(MemberReader.Text(ref json, where));
            }
        }

        return pins;
    }
}
