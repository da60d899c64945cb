using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Names as label values, which hold at most 63 characters (Velero, label/label.go).</summary>
public static class LabelValue
{
    private const int MaxLength = 63;
    private const int HashLength = 6;

    /// <summary>The name itself, or its first 57 characters and six hexadecimal digits of its SHA-256 when it is longer than 63.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length <= MaxLength)
        {
            return name;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return string.Concat(name.AsSpan(0, MaxLength - HashLength), hash.AsSpan(0, HashLength));
    }
}
