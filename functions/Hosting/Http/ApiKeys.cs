using System.Security.Cryptography;
using System.Text;
using BackupFunctions.App.Hosting.Settings;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>The API keys of this process. Only their hashes are kept.</summary>
internal sealed class ApiKeys(IReadOnlyList<ApiKeySetting> keys)
{
    private const int MaxKeyLength = 1024;

    private readonly (byte[] Hash, AuthorizationLevel Level)[] known = [.. keys.Select(key => (Hash(key.Key.Reveal()), key.Level))];

    /// <summary>What the presented key allows; null when it is none of ours. Takes the same time for each wrong key.</summary>
    public AuthorizationLevel? LevelOf(string presented)
    {
        if (presented.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        byte[] hash = Hash(presented);
        AuthorizationLevel? level = null;
        foreach ((byte[] candidate, AuthorizationLevel allowed) in known)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, candidate) && (level is null || allowed > level))
            {
                level = allowed;
            }
        }

        return level;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
