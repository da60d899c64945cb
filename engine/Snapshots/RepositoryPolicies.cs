using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Kopia's policies, as far as they are heeded here: how the files of a source are compressed. The most specific policy counts first:
/// the path's, those of the folders above it, the user's, the host's, the global one (docs/repository-format.md, "Policies").
/// </summary>
public sealed class RepositoryPolicies(KopiaRepository repository)
{
    private const string Type = "type", Policy = "policy", PolicyType = "policyType", Host = "hostname", User = "username", Path = "path";

    /// <summary>The compression that the policies of a source ask for, in the view of the repository's last refresh; none without any policy.</summary>
    /// <exception cref="Errors.BackupException">Unsupported: a compressor that is only read here, or that is not known; Corrupt: a policy that is none.</exception>
    public async Task<FileCompression> FindFileCompressionAsync(SnapshotSource source, CancellationToken cancellationToken)
    {
        CompressionPolicy merged = new();
        foreach (Dictionary<string, string> labels in LabelsFor(source))
        {
            // Several may be there after a race; Kopia takes the newest too.
            IReadOnlyList<ManifestEntry> found = await repository.FindManifestsAsync(labels, cancellationToken);
            if (found.Count > 0)
            {
                CompressionPolicy policy = CompressionPolicy.Read(found[^1]);
                merged = merged.With(policy);
                if (policy.IsLast)
                {
                    break;
                }
            }
        }

        return merged.ToFileCompression();
    }

    /// <summary>The labels of every policy that may bear on a source, the most specific first.</summary>
    private static IEnumerable<Dictionary<string, string>> LabelsFor(SnapshotSource source)
    {
        for (string? path = source.Path; !string.IsNullOrEmpty(path); path = ParentOf(path))
        {
            yield return new() { [Type] = Policy, [PolicyType] = Path, [Host] = source.Host, [User] = source.UserName, [Path] = path };
        }

        yield return new() { [Type] = Policy, [PolicyType] = "user", [Host] = source.Host, [User] = source.UserName };
        yield return new() { [Type] = Policy, [PolicyType] = "host", [Host] = source.Host };
        yield return new() { [Type] = Policy, [PolicyType] = "global" };
    }

    private static string? ParentOf(string path)
    {
        int slash = path.LastIndexOf('/');
        return path == "/" || slash < 0 ? null : slash == 0 ? "/" : path[..slash];
    }
}
