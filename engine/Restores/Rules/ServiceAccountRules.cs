using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>Service accounts and the token secrets that the old cluster made for them.</summary>
internal static class ServiceAccountRules
{
    private const string TokenType = "kubernetes.io/service-account-token";
    private const string AccountName = "kubernetes.io/service-account.name";
    private const string AccountUid = "kubernetes.io/service-account.uid";

    /// <summary>Takes the names of generated token secrets out of the account; the cluster adds new ones.</summary>
    public static RuleResult Apply(KubeObject account)
    {
        if (account.Root["secrets"] is JsonArray secrets)
        {
            string prefix = $"{account.Name}-token-";
            for (int i = secrets.Count - 1; i >= 0; i--)
            {
                if (secrets[i] is JsonObject secret && secret["name"]?.ToString().StartsWith(prefix, StringComparison.Ordinal) == true)
                {
                    secrets.RemoveAt(i);
                }
            }

            if (secrets.Count == 0)
            {
                account.Root.Remove("secrets");
            }
        }

        return RuleResult.Restore;
    }

    /// <summary>
    /// A generated token is left out; one that somebody asked for under a name of its own is restored empty, so that the new
    /// cluster fills it.
    /// </summary>
    public static RuleResult ApplyToSecret(KubeObject secret)
    {
        if (secret.TextAt("type") != TokenType)
        {
            return RuleResult.Restore;
        }

        if (secret.Annotation(AccountName) is { } account && secret.Name.StartsWith($"{account}-token-", StringComparison.Ordinal))
        {
            return RuleResult.Skip("the cluster makes a new token for the service account");
        }

        (secret.Metadata["annotations"] as JsonObject)?.Remove(AccountUid);
        if (secret.Root["data"] is JsonObject data)
        {
            data.Remove("token");
            data.Remove("ca.crt");
        }

        return RuleResult.Restore;
    }
}
