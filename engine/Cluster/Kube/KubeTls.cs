using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>Builds the connection's handler: server certificates are trusted by the given authorities and no others.</summary>
internal static class KubeTls
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>So that a changed address of the server's name is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    public static SocketsHttpHandler CreateHandler(KubeConnection connection)
    {
        SslClientAuthenticationOptions tls = new();
        if (connection.SkipsTlsVerification)
        {
#pragma warning disable CA5359 // the kubeconfig says insecure-skip-tls-verify
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else
        {
            X509Certificate2Collection? authorities = connection.CertificateAuthorityPem is { } pem ? ReadAuthorities(pem) : null;
            string host = connection.TlsServerName ?? connection.Server.IdnHost;
            tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Check(certificate, chain, errors, authorities, host, connection.TlsServerName is not null);
        }

        if (connection is { ClientCertificatePem: { } certificatePem, ClientKeyPem: { } keyPem })
        {
            tls.ClientCertificateContext = ReadClientCertificate(certificatePem, keyPem);
        }

        return new SocketsHttpHandler
        {
            SslOptions = tls,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = connection.Proxy is not null,
            Proxy = connection.Proxy is null ? null : new WebProxy(connection.Proxy),
        };
    }

    private static X509Certificate2Collection ReadAuthorities(string pem)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw Invalid("The certificate authority of the cluster", e);
        }

        return authorities.Count > 0 ? authorities : throw Invalid("The certificate authority of the cluster", null);
    }

    private static SslStreamCertificateContext ReadClientCertificate(string certificatePem, string keyPem)
    {
        try
        {
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(certificatePem);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificatePem, keyPem), chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The inner message is left out on purpose: what it says of a key is nobody's business.
            throw Invalid("The client certificate or its key", null);
        }
    }

    private static bool Check(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection? authorities, string host, bool ownName)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            throw new AuthenticationException("the server showed no certificate");
        }

        bool wrongName = ownName ? !leaf.MatchesHostname(host) : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        if (wrongName)
        {
            throw new AuthenticationException($"the server's certificate is not for '{host}'");
        }

        bool trusted = authorities is null ? !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) : IsSignedBy(leaf, chain, authorities);
        return trusted ? true : throw new AuthenticationException(
            $"the server's certificate (issued by {leaf.Issuer}) is not signed by {(authorities is null ? "an authority that this system trusts" : "the given certificate authority")}, or not valid now");
    }

    private static bool IsSignedBy(X509Certificate2 leaf, X509Chain? offered, X509Certificate2Collection authorities)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(offered?.ChainPolicy.ExtraStore ?? []);
        if (chain.Build(leaf))
        {
            return true;
        }

        // An authority that is itself signed by another one counts as given: signatures were checked up to it.
        const X509ChainStatusFlags OnlyNoRoot = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;
        return chain.ChainStatus.All(status => (status.Status & ~OnlyNoRoot) == 0)
            && chain.ChainElements.Any(element => authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)));
    }

    private static BackupException Invalid(string what, Exception? inner) =>
        new(ErrorKind.InvalidInput, $"{what} is not valid PEM.", "Check the kubeconfig, or the files it names; encrypted keys cannot be used.", inner);
}
