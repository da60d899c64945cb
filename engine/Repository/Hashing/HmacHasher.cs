using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>HMAC (RFC 2104) with SHA-2 or SHA-3, perhaps cut short. SHA-256 is .NET's; the others, of which .NET lacks two, are OpenSSL's.</summary>
internal sealed class HmacHasher : ContentHasher
{
    public const string Sha256 = "HMAC-SHA256";
    public const string Sha256Truncated = "HMAC-SHA256-128";
    public const string Sha224 = "HMAC-SHA224";
    public const string Sha3Of224 = "HMAC-SHA3-224";
    public const string Sha3Of256 = "HMAC-SHA3-256";

    private const int LongestDigestBytes = 32;

    private readonly byte[] _secret;
    private readonly string? _openSslDigest;
    private readonly int _digestBytes;

    private HmacHasher(ReadOnlySpan<byte> secret, string? openSslDigest, int digestBytes, int hashLength)
    {
        _secret = secret.ToArray();
        _openSslDigest = openSslDigest;
        _digestBytes = digestBytes;
        HashLength = hashLength;
    }

    public override int HashLength { get; }

    public static HmacHasher WithSha256(ReadOnlySpan<byte> secret, int hashLength) => new(secret, null, 32, hashLength);

    public static HmacHasher WithOpenSsl(ReadOnlySpan<byte> secret, string digest, int digestBytes) => new(secret, digest, digestBytes, digestBytes);

    public override void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<byte> digest = stackalloc byte[LongestDigestBytes];
        if (_openSslDigest is null)
        {
            HMACSHA256.HashData(_secret, data, digest);
        }
        else
        {
            OpenSslHmac.Compute(_openSslDigest, _secret, data, digest[.._digestBytes]);
        }
        digest[..HashLength].CopyTo(destination);
    }

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(_secret);
}
