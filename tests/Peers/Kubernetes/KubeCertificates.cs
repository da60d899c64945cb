using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Tests.Peers.Kubernetes;

/// <summary>An authority of the test's own, with a certificate for the API server and one for an administrator.</summary>
internal sealed class KubeCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // A machine's clock may be set back a little while tests run.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly string _folder;

    private KubeCertificates(string folder) => _folder = folder;

    public string CaPath => Path.Combine(_folder, "ca.crt");

    public string ServerCertificatePath => Path.Combine(_folder, "server.crt");

    public string ServerKeyPath => Path.Combine(_folder, "server.key");

    public string AdminCertificatePath => Path.Combine(_folder, "admin.crt");

    public string AdminKeyPath => Path.Combine(_folder, "admin.key");

    /// <summary>Signs the tokens of service accounts.</summary>
    public string ServiceAccountKeyPath => Path.Combine(_folder, "service-account.key");

    public static KubeCertificates Create(string folder)
    {
        var certificates = new KubeCertificates(folder);
        using var authority = CreateAuthority();
        File.WriteAllText(certificates.CaPath, authority.ExportCertificatePem());

        var serverNames = new SubjectAlternativeNameBuilder();
        serverNames.AddIpAddress(IPAddress.Loopback);
        serverNames.AddDnsName("localhost");
        Issue(
            authority,
            "CN=kube-apiserver",
            ServerAuthentication,
            serverNames.Build(),
            (certificates.ServerCertificatePath, certificates.ServerKeyPath));

        // Kubernetes takes the organisation for the group.
        Issue(
            authority,
            "O=system:masters, CN=admin",
            ClientAuthentication,
            null,
            (certificates.AdminCertificatePath, certificates.AdminKeyPath));

        using var serviceAccountKey = RSA.Create(2048);
        File.WriteAllText(certificates.ServiceAccountKeyPath, serviceAccountKey.ExportRSAPrivateKeyPem());
        return certificates;
    }

    private static X509Certificate2 CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=backup-functions-tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now - Margin, now + Lifetime);
    }

    private static void Issue(
        X509Certificate2 authority,
        string subject,
        string purpose,
        X509Extension? names,
        (string Certificate, string Key) paths)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f; // a serial number is positive
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, serial);
        File.WriteAllText(paths.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(paths.Key, key.ExportPkcs8PrivateKeyPem());
    }
}
