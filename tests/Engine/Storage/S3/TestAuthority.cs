using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Tests.Engine.Storage.S3;

/// <summary>A certificate authority of one test, with a certificate for localhost.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TestAuthority()
    {
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1);
        DateTimeOffset until = from.AddDays(10);
        using ECDsa caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest ca = new("CN=authority of a test", caKey, HashAlgorithmName.SHA256);
        ca.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 issuer = ca.CreateSelfSigned(from, until);
        CaFile = Path.Combine(folder.Path, "ca.pem");
        File.WriteAllText(CaFile, issuer.ExportCertificatePem());

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest server = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = server.Create(issuer, from, until, [1, 2, 3, 4]);
        ServerCertificate = signed.CopyWithPrivateKey(key);
    }

    public string CaFile { get; }

    public X509Certificate2 ServerCertificate { get; }

    public void Dispose()
    {
        ServerCertificate.Dispose();
        folder.Dispose();
    }
}
