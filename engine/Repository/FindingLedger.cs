using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository;

/// <summary>Collects findings and counters from many threads; keeps a bounded number of findings and counts all.</summary>
internal sealed class FindingLedger(int maxFindings)
{
    /// <summary>Damaged contents by name, to tell the files that need them; further ones are found by reading the files only.</summary>
    private const int MaxDamagedContents = 1_000_000;

    // Guards all below.
    private readonly Lock _lock = new();
    private readonly List<RepositoryFinding> _damage = [];
    private readonly List<RepositoryFinding> _harmless = [];
    private readonly Dictionary<FindingKind, long> _counts = [];
    private readonly Dictionary<ContentId, RepositoryFinding> _damagedContents = [];
    private readonly HashSet<BlobName> _missingPacks = [];
    private readonly Dictionary<BlobName, long> _shortPacks = [];
    private long _damageCount;
    private long _harmlessCount;
    private VerificationReport _counters = new();

    public long DamageCount
    {
        get
        {
            lock (_lock)
            {
                return _damageCount;
            }
        }
    }

    public void Add(RepositoryFinding finding)
    {
        lock (_lock)
        {
            _counts[finding.Kind] = _counts.GetValueOrDefault(finding.Kind) + 1;
            bool isDamage = finding.Severity == FindingSeverity.Damage;
            _damageCount += isDamage ? 1 : 0;
            _harmlessCount += isDamage ? 0 : 1;
            List<RepositoryFinding> kept = isDamage ? _damage : _harmless;
            if (kept.Count < maxFindings)
            {
                kept.Add(finding);
            }
        }
    }

    /// <summary>Adds damage of a content that the index names.</summary>
    public void AddDamaged(ContentId content, RepositoryFinding finding)
    {
        Add(finding with { Content = content.ToString() });
        lock (_lock)
        {
            if (_damagedContents.Count < MaxDamagedContents)
            {
                _damagedContents[content] = finding;
            }
        }
    }

    public void AddMissing(BlobName pack, RepositoryFinding finding)
    {
        Add(finding);
        lock (_lock)
        {
            _missingPacks.Add(pack);
        }
    }

    public void AddShort(BlobName pack, long lengthBytes, RepositoryFinding finding)
    {
        Add(finding);
        lock (_lock)
        {
            _shortPacks[pack] = lengthBytes;
        }
    }

    /// <summary>Changes the report's counters.</summary>
    public void Count(Func<VerificationReport, VerificationReport> change)
    {
        lock (_lock)
        {
            _counters = change(_counters);
        }
    }

    /// <summary>What was found wrong with a content's bytes or its pack; null when nothing was.</summary>
    public RepositoryFinding? DamageOf(ContentId content, BlobName pack, long endBytes)
    {
        lock (_lock)
        {
            if (_damagedContents.TryGetValue(content, out RepositoryFinding? damage))
            {
                return damage;
            }

            string? found = _missingPacks.Contains(pack) ? "no such blob"
                : _shortPacks.TryGetValue(pack, out long length) && endBytes > length ? $"{length} bytes"
                : null;
            return found is null ? null : new RepositoryFinding(FindingKind.MissingPack, FindingSeverity.Damage, pack.ToString(), null, $"a pack of at least {endBytes} bytes", found);
        }
    }

    public VerificationReport ToReport()
    {
        lock (_lock)
        {
            return _counters with
            {
                DamageCount = _damageCount,
                HarmlessCount = _harmlessCount,
                Findings = [.. _damage, .. _harmless],
                CountByKind = new Dictionary<FindingKind, long>(_counts),
            };
        }
    }
}
