using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rollcall.Targets;

/// <summary>A certificate that nobody trusts.</summary>
static class OwnCertificate
{
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
