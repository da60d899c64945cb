using System.Text.Json;
using BackupFunctions.Engine.Repository.Format;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>
/// Holds the format blob against its copies in packs. Its clear text is protected by nothing else; so a copy with the same
/// encrypted part and other text means that one of the two was damaged, and the copies have a checksum.
/// </summary>
internal sealed class FormatCopies(byte[] formatBlob, FindingLedger ledger)
{
    private readonly FormatBlob? _blob = TryParse(formatBlob);
    private int _isReported;

    public void Compare(SurveyedPack pack, byte[] copy)
    {
        if (copy.AsSpan().SequenceEqual(formatBlob) || TryParse(copy) is not { EncryptedConfig: { } config } || _blob?.EncryptedConfig?.AsSpan().SequenceEqual(config) != true)
        {
            return; // equal, or of another time: parameters of a repository may be changed
        }

        if (Interlocked.Exchange(ref _isReported, 1) == 0)
        {
            ledger.Add(new RepositoryFinding(
                FindingKind.DamagedBlob, FindingSeverity.Damage, FormatBlob.BlobId, formatBlob.AsSpan().CommonPrefixLength(copy), $"the text of its copy in {pack.Name}", "another text"));
        }
    }

    private static FormatBlob? TryParse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, RepositoryJson.Default.FormatBlob);
        }
        catch (JsonException)
        {
            return null; // reported where the blob itself is checked
        }
    }
}
