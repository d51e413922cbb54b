using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rollcall.Sending;

/// <summary>A certificate that proves to targets who sends, with its private key and the authorities between it and its root.</summary>
public sealed class ClientCertificate
{
    const string KeyLabel = "PRIVATE KEY";

    // ERROR_INVALID_PASSWORD as an HRESULT, on every system.
    const int WrongPassphrase = unchecked((int)0x80070056);

    ClientCertificate(X509Certificate2 certificate, X509Certificate2Collection issuers) =>
        Context = SslStreamCertificateContext.Create(Usable(certificate), issuers, offline: true);

    internal SslStreamCertificateContext Context { get; }

    /// <summary>Reads a certificate and its key.</summary>
    /// <param name="certificate">PEM, with the key unless that is given apart, or PKCS#12, which has both.</param>
    /// <param name="key">The key as PEM; null if the certificate's text has it.</param>
    /// <param name="passphrase">Opens an encrypted key or PKCS#12; null if there is none.</param>
    /// <exception cref="CertificateException">They cannot be used.</exception>
    public static ClientCertificate Read(byte[] certificate, byte[]? key, string? passphrase)
    {
        string text = Encoding.Latin1.GetString(certificate);
        var found = PemTexts.Certificates(text);
        if (found.Count == 0)
        {
            return ReadPkcs12(certificate, key is not null, passphrase);
        }

        var own = found[0];
        found.RemoveAt(0);
        using var opened = ReadKey(key is null ? text : Encoding.Latin1.GetString(key), key is not null, passphrase);
        return new ClientCertificate(Join(own, opened, key is not null), found);
    }

    /// <summary>Says that the certificate is not valid at a time.</summary>
    /// <returns>The end of a sentence about the certificate; null if it is valid.</returns>
    public string? FindDateError(DateTimeOffset now)
    {
        var own = Context.TargetCertificate;
        return now > own.NotAfter ? string.Create(CultureInfo.InvariantCulture, $"expired on {own.NotAfter.ToUniversalTime():u}")
            : now < own.NotBefore ? string.Create(CultureInfo.InvariantCulture, $"is not valid before {own.NotBefore.ToUniversalTime():u}")
            : null;
    }

    static ClientCertificate ReadPkcs12(byte[] bytes, bool hasOtherKey, string? passphrase)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(bytes, passphrase);
        }
        catch (CryptographicException exception) when (exception.HResult == WrongPassphrase)
        {
            throw Locked(isOfKey: false, passphrase);
        }
        catch (CryptographicException exception)
        {
            throw new CertificateException(
                $"has no certificate as PEM, and cannot be read as PKCS#12 ({exception.Message.TrimEnd('.')})");
        }

        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CertificateException("has no private key") { IsWithoutKey = true };
        all.Remove(own);
        return hasOtherKey
            ? throw new CertificateException("is PKCS#12, which has a key of its own: leave the other key out")
            : new ClientCertificate(own, all);
    }

    static AsymmetricAlgorithm ReadKey(string text, bool isApart, string? passphrase)
    {
        string? pem = PemTexts.Find(text, label => label.EndsWith(KeyLabel, StringComparison.Ordinal));
        if (pem is null)
        {
            // OpenSSL 1.0 wrote it before it wrote PKCS#8.
            bool isOld = text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);
            throw new CertificateException(
                isOld ? "has a key in an old form of encryption, which 'openssl pkcs8 -topk8' replaces" : "has no private key as PEM")
            {
                IsOfKey = isApart,
                IsWithoutKey = !isOld,
            };
        }

        bool isEncrypted = pem.Contains("BEGIN ENCRYPTED", StringComparison.Ordinal);
        if (isEncrypted && passphrase is null)
        {
            throw Locked(isApart, passphrase);
        }

        return Import(RSA.Create(), pem, isEncrypted ? passphrase : null)
            ?? Import(ECDsa.Create(), pem, isEncrypted ? passphrase : null)
            ?? throw (isEncrypted
                ? Locked(isApart, passphrase)
                : new CertificateException("has a private key that cannot be read: RSA and EC keys can") { IsOfKey = isApart });
    }

    // The label of PKCS#8 does not say which kind of key it is, so each kind is tried.
    static AsymmetricAlgorithm? Import(AsymmetricAlgorithm kind, string pem, string? passphrase)
    {
        try
        {
            if (passphrase is null)
            {
                kind.ImportFromPem(pem);
            }
            else
            {
                kind.ImportFromEncryptedPem(pem, passphrase);
            }

            return kind;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            kind.Dispose();
            return null;
        }
    }

    static X509Certificate2 Join(X509Certificate2 certificate, AsymmetricAlgorithm key, bool isApart)
    {
        try
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new CertificateException("has a private key that does not belong to the certificate") { IsOfKey = isApart };
        }
    }

    // Windows: TLS is done by another process, which does not see a key that is in the memory of this one.
    static X509Certificate2 Usable(X509Certificate2 certificate) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null)
        : certificate;

    static CertificateException Locked(bool isOfKey, string? passphrase) =>
        new(passphrase is null ? "is encrypted, and no passphrase is given" : "is encrypted with another passphrase")
        {
            IsOfKey = isOfKey,
            IsLocked = true,
        };
}

/// <summary>A certificate cannot be used.</summary>
/// <param name="message">The end of a sentence about its text, without a full stop.</param>
public sealed class CertificateException(string message) : Exception(message)
{
    /// <summary>Whether the text of the key that is given apart is wrong, and not that of the certificate.</summary>
    public bool IsOfKey { get; init; }

    /// <summary>Whether the text of the authorities to trust is wrong.</summary>
    public bool IsOfAuthorities { get; init; }

    /// <summary>Whether the private key is missing.</summary>
    public bool IsWithoutKey { get; init; }

    /// <summary>Whether the passphrase is missing or wrong.</summary>
    public bool IsLocked { get; init; }
}
