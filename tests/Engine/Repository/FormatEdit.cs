using System.Text.Json.Nodes;
using BackupFunctions.Engine.Repository.Encryption;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Changes what a repository's format blob says, as another program or a later version might have written it.</summary>
internal static class FormatEdit
{
    private const string Blob = "kopia.repository";

    /// <summary>Changes the encrypted configuration.</summary>
    /// <param name="keyAlgorithm">The key derivation to encrypt it with anew; null for the one that it has.</param>
    public static void Config(MemoryBlobStore store, Action<JsonObject> change, string? keyAlgorithm = null)
    {
        JsonNode outer = Parse(store);
        byte[] uniqueId = Convert.FromBase64String(outer["uniqueID"]!.GetValue<string>());
        byte[] stored = Convert.FromBase64String(outer["encryptedBlockFormat"]!.GetValue<string>());
        JsonNode inner = JsonNode.Parse(FormatCipher.Decrypt(Key(outer, uniqueId), uniqueId, stored))!;
        change(inner["format"]!.AsObject());
        outer["keyAlgo"] = keyAlgorithm ?? outer["keyAlgo"]!.GetValue<string>();
        outer["encryptedBlockFormat"] = Convert.ToBase64String(FormatCipher.Encrypt(Key(outer, uniqueId), uniqueId, System.Text.Encoding.UTF8.GetBytes(inner.ToJsonString())));
        store.Set(Blob, System.Text.Encoding.UTF8.GetBytes(outer.ToJsonString()));
        if (keyAlgorithm is not null)
        {
            store.Remove("kopia.blobcfg"); // it is encrypted with the old key, and may be missing
        }
    }

    /// <summary>Changes the clear JSON around it.</summary>
    public static void Outer(MemoryBlobStore store, Action<JsonObject> change)
    {
        JsonNode outer = Parse(store);
        change(outer.AsObject());
        store.Set(Blob, System.Text.Encoding.UTF8.GetBytes(outer.ToJsonString()));
    }

    private static JsonNode Parse(MemoryBlobStore store) => JsonNode.Parse(store.Get(Blob))!;

    private static byte[] Key(JsonNode outer, byte[] uniqueId)
    {
        byte[] key = new byte[KeyDerivation.FormatKeyBytes];
        KeyDerivation.DeriveFormatKey(outer["keyAlgo"]!.GetValue<string>(), RepositoryRun.Password, uniqueId, key);
        return key;
    }
}
