using System.Text.Json;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>
/// The member <c>compression</c> of a policy manifest (Kopia v0.23.1 <c>snapshot/policy/compression_policy.go</c>), and how those of
/// several policies are merged. Null and zero mean that the policy does not say.
/// </summary>
internal sealed record CompressionPolicy
{
    private const int MaxDepth = 32;

    public string? Compressor { get; init; }

    public IReadOnlyList<string> OnlyCompress { get; init; } = [];

    /// <summary>Whether the list above is not added to by less specific policies.</summary>
    public bool IsOnlyCompressFinal { get; init; }

    public IReadOnlyList<string> NeverCompress { get; init; } = [];

    /// <summary>Whether the list above is not added to by less specific policies.</summary>
    public bool IsNeverCompressFinal { get; init; }

    public long MinBytes { get; init; }

    public long MaxBytes { get; init; }

    /// <summary>Whether less specific policies do not count at all.</summary>
    public bool IsLast { get; init; }

    /// <exception cref="RepositoryCorruptException">A member has another type than Kopia's.</exception>
    public static CompressionPolicy Read(ManifestEntry manifest)
    {
        string where = $"policy {manifest.Id}";
        CompressionPolicy policy = new();
        Utf8JsonReader json = new(manifest.Json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            json.Read();
            if (!MemberReader.EnterObject(ref json, where))
            {
                return policy;
            }

            while (MemberReader.NextMember(ref json) is { } name)
            {
                switch (name)
                {
                    case "compression":
                        policy = ReadCompression(ref json, where, policy);
                        break;
                    case "noParent":
                        policy = policy with { IsLast = MemberReader.Flag(ref json, where) };
                        break;
                    default:
                        json.Skip();
                        break;
                }
            }

            return policy;
        }
        catch (JsonException malformed)
        {
            throw new RepositoryCorruptException(where, malformed.BytePositionInLine, "JSON of a policy", "something else", malformed);
        }
    }

    /// <summary>This policy, and where it does not say, the less specific one.</summary>
    public CompressionPolicy With(CompressionPolicy parent) => this with
    {
        Compressor = string.IsNullOrEmpty(Compressor) ? parent.Compressor : Compressor,
        OnlyCompress = IsOnlyCompressFinal ? OnlyCompress : [.. OnlyCompress, .. parent.OnlyCompress],
        IsOnlyCompressFinal = IsOnlyCompressFinal || parent.IsOnlyCompressFinal,
        NeverCompress = IsNeverCompressFinal ? NeverCompress : [.. NeverCompress, .. parent.NeverCompress],
        IsNeverCompressFinal = IsNeverCompressFinal || parent.IsNeverCompressFinal,
        MinBytes = MinBytes == 0 ? parent.MinBytes : MinBytes,
        MaxBytes = MaxBytes == 0 ? parent.MaxBytes : MaxBytes,
    };

    /// <exception cref="Errors.BackupException">Unsupported: the compressor is only read here, or not known.</exception>
    public FileCompression ToFileCompression() => new()
    {
        Compressor = ObjectCompression.Parse(Compressor ?? ""),
        AlwaysExtensions = OnlyCompress.ToHashSet(StringComparer.Ordinal),
        NeverExtensions = NeverCompress.ToHashSet(StringComparer.Ordinal),
        MinBytes = MinBytes,
        MaxBytes = MaxBytes,
    };

    private static CompressionPolicy ReadCompression(ref Utf8JsonReader json, string where, CompressionPolicy policy)
    {
        if (!MemberReader.EnterObject(ref json, where))
        {
            return policy;
        }

        while (MemberReader.NextMember(ref json) is { } name)
        {
            switch (name)
            {
                case "compressorName":
                    policy = policy with { Compressor = MemberReader.Text(ref json, where) };
                    break;
                case "onlyCompress":
                    policy = policy with { OnlyCompress = ReadTexts(ref json, where) };
                    break;
                case "noParentOnlyCompress":
                    policy = policy with { IsOnlyCompressFinal = MemberReader.Flag(ref json, where) };
                    break;
                case "neverCompress":
                    policy = policy with { NeverCompress = ReadTexts(ref json, where) };
                    break;
                case "noParentNeverCompress":
                    policy = policy with { IsNeverCompressFinal = MemberReader.Flag(ref json, where) };
                    break;
                case "minSize":
                    policy = policy with { MinBytes = MemberReader.Number(ref json, where) };
                    break;
                case "maxSize":
                    policy = policy with { MaxBytes = MemberReader.Number(ref json, where) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return policy;
    }

    private static List<string> ReadTexts(ref Utf8JsonReader json, string where)
    {
        List<string> texts = [];
        if (MemberReader.EnterArray(ref json, where))
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                texts.Add(MemberReader.Text(ref json, where));
            }
        }

        return texts;
    }
}
