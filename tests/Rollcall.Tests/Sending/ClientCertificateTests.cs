using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rollcall.Sending;
using Rollcall.Targets;

namespace Rollcall.Tests.Sending;

public sealed class ClientCertificateTests : IDisposable
{
    const string Passphrase = "correct horse";

    static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    readonly TestAuthority authority = new("Root");
    readonly X509Certificate2 ec;
    readonly X509Certificate2 rsa;
    readonly string certificate;
    readonly string key;
    readonly string encryptedKey;

    public ClientCertificateTests()
    {
        ec = authority.IssueClient("ec");
        rsa = authority.IssueClient("rsa", isRsa: true);
        certificate = ec.ExportCertificatePem() + "\n";
        key = ec.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";
        encryptedKey = ec.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption) + "\n";
    }

    public void Dispose()
    {
        ec.Dispose();
        rsa.Dispose();
        authority.Dispose();
    }

    [Fact]
    public void Pem_WithItsKeyInAnyForm_IsRead()
    {
        string rsaCertificate = rsa.ExportCertificatePem();
        string rsaKey = rsa.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();

        Assert.Equal("CN=ec", Subject(certificate + key));
        Assert.Equal("CN=ec", Subject($"comment\n{key}\nBag Attributes\n{certificate}{authority.Pem}"));
        Assert.Equal("CN=ec", Subject(certificate, key));
        Assert.Equal("CN=ec", Subject(certificate + ec.GetECDsaPrivateKey()!.ExportECPrivateKeyPem()));
        Assert.Equal("CN=ec", Subject(certificate + encryptedKey, passphrase: Passphrase));
        Assert.Equal("CN=ec", Subject(certificate + key, passphrase: "one that nothing needs"));
        Assert.Equal("CN=ec", Subject((certificate + key).ReplaceLineEndings("\r\n")));
        Assert.Equal("CN=rsa", Subject(rsaCertificate, rsaKey));
        Assert.Equal("CN=rsa", Subject(rsaCertificate, rsa.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Passphrase)]
    public void Pkcs12_WithItsPassphrase_IsRead(string? passphrase)
    {
        X509Certificate2Collection all = [X509CertificateLoader.LoadCertificate(authority.Certificate.RawData), ec];
        byte[] bytes = all.Export(X509ContentType.Pkcs12, passphrase)!;

        Assert.Equal("CN=ec", ClientCertificate.Read(bytes, key: null, passphrase).Context.TargetCertificate.Subject);
    }

    [Fact]
    public void Certificate_WithoutItsKey_IsRefused()
    {
        AssertRefused("has no private key as PEM", certificate);
        AssertRefused("has no private key as PEM", certificate, "not a key", isOfKey: true);
        X509Certificate2Collection alone = [X509CertificateLoader.LoadCertificate(ec.RawData)];
        byte[] withoutKey = alone.Export(X509ContentType.Pkcs12)!;
        Assert.True(Assert.Throws<CertificateException>(() => ClientCertificate.Read(withoutKey, null, null)).IsWithoutKey);
    }

    [Fact]
    public void Key_ThatBelongsToAnotherCertificate_IsRefused()
    {
        using var other = authority.IssueClient("other");
        string expected = "has a private key that does not belong to the certificate";
        AssertRefused(expected, certificate, other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), isOfKey: true);
        AssertRefused(expected, certificate, rsa.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), isOfKey: true);
        AssertRefused(expected, rsa.ExportCertificatePem() + "\n" + key);
    }

    [Fact]
    public void Passphrase_ThatIsMissingOrWrong_IsRefused()
    {
        byte[] pkcs12 = ec.Export(X509ContentType.Pkcs12, Passphrase);
        AssertRefused("is encrypted, and no passphrase is given", certificate, encryptedKey, isOfKey: true);
        AssertRefused("is encrypted with another passphrase", certificate, encryptedKey, isOfKey: true, passphrase: "wrong");
        AssertRefused("is encrypted with another passphrase", certificate + encryptedKey, passphrase: "wrong");
        Assert.True(Assert.Throws<CertificateException>(() => ClientCertificate.Read(pkcs12, null, null)).IsLocked);
        Assert.True(Assert.Throws<CertificateException>(() => ClientCertificate.Read(pkcs12, null, "wrong")).IsLocked);
    }

    [Fact]
    public void Text_ThatIsNoCertificate_IsRefused()
    {
        AssertRefused("has no certificate as PEM, and cannot be read as PKCS#12", "");
        AssertRefused("has no certificate as PEM, and cannot be read as PKCS#12", key);
        AssertRefused("has a certificate that is damaged", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + key);
        AssertRefused(
            "'openssl pkcs8 -topk8' replaces",
            certificate + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        AssertRefused(
            "has a private key that cannot be read",
            certificate + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Assert.Throws<CertificateException>(() => ClientCertificate.Read(ec.RawData, Encoding.UTF8.GetBytes(key), null));
        Assert.Contains(
            "leave the other key out",
            Assert.Throws<CertificateException>(
                () => ClientCertificate.Read(ec.Export(X509ContentType.Pkcs12), Encoding.UTF8.GetBytes(key), null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_OutsideOfItsDates_IsReadAndSaysSo()
    {
        var read = Read(certificate + key);

        Assert.Null(read.FindDateError(DateTimeOffset.UtcNow));
        Assert.Equal($"expired on {ec.NotAfter.ToUniversalTime():u}", read.FindDateError(DateTimeOffset.UtcNow.AddYears(1)));
        Assert.Equal($"is not valid before {ec.NotBefore.ToUniversalTime():u}", read.FindDateError(DateTimeOffset.UtcNow.AddYears(-2)));
    }

    static string Subject(string certificate, string? key = null, string? passphrase = null) =>
        Read(certificate, key, passphrase).Context.TargetCertificate.Subject;

    static void AssertRefused(string expected, string certificate, string? key = null, bool isOfKey = false, string? passphrase = null)
    {
        var refused = Assert.Throws<CertificateException>(() => Read(certificate, key, passphrase));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Equal(isOfKey, refused.IsOfKey);
        Assert.DoesNotContain(Passphrase, refused.ToString(), StringComparison.Ordinal);
    }

    static ClientCertificate Read(string certificate, string? key = null, string? passphrase = null) =>
        ClientCertificate.Read(Encoding.UTF8.GetBytes(certificate), key is null ? null : Encoding.UTF8.GetBytes(key), passphrase);
}
