using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rollcall.Targets;

/// <summary>An authority that issues certificates, which nobody trusts unless told to.</summary>
public sealed class TestAuthority : IDisposable
{
    const string ServerUse = "1.3.6.1.5.5.7.3.1";
    const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Makes an authority.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="parent">The authority that issues its certificate; null for a root.</param>
    public TestAuthority(string name, TestAuthority? parent = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var (from, to) = (DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        Certificate = parent is null ? request.CreateSelfSigned(from, to) : parent.Sign(request, from, to).CopyWithPrivateKey(key);
    }

    /// <summary>The authority's certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its certificate as PEM.</summary>
    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>Issues a certificate for a server at 127.0.0.1, or at one name.</summary>
    public X509Certificate2 IssueServer(string? dnsName = null, int daysLeft = 1) =>
        Issue("server", ServerUse, dnsName, daysLeft, isRsa: false);

    /// <summary>Issues a certificate for a client.</summary>
    /// <param name="daysLeft">For how long it is valid; negative if it has expired.</param>
    public X509Certificate2 IssueClient(string name, int daysLeft = 1, bool isRsa = false) =>
        Issue(name, ClientUse, dnsName: null, daysLeft, isRsa);

    /// <summary>Whether a certificate is a valid one of this authority's, or of one below it.</summary>
    /// <param name="others">What else the peer sent.</param>
    public bool HasIssued(X509Certificate2 certificate, X509Chain? others)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate);
        chain.ChainPolicy.ExtraStore.AddRange(others?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(certificate);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => Certificate.Dispose();

    X509Certificate2 Issue(string name, string use, string? dnsName, int daysLeft, bool isRsa)
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = isRsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", ec, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        if (dnsName is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }
        else
        {
            names.AddDnsName(dnsName);
        }

        request.CertificateExtensions.Add(names.Build());
        var issued = Sign(request, DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddDays(daysLeft));
        return isRsa ? issued.CopyWithPrivateKey(rsa) : issued.CopyWithPrivateKey(ec);
    }

    X509Certificate2 Sign(CertificateRequest request, DateTimeOffset from, DateTimeOffset to) => request.Create(
        Certificate.SubjectName,
        X509SignatureGenerator.CreateForECDsa(Certificate.GetECDsaPrivateKey()!),
        from,
        to,
        RandomNumberGenerator.GetBytes(8));
}
