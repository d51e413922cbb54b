using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rollcall.Sending;

/// <summary>Finds what is in PEM texts (RFC 7468), and skips all else, such as the comments of <c>openssl x509 -text</c>.</summary>
public static class PemTexts
{
    /// <summary>All certificates, in order.</summary>
    /// <exception cref="CertificateException">One is damaged.</exception>
    public static X509Certificate2Collection Certificates(string text)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(text);
            return found;
        }
        catch (CryptographicException exception)
        {
            throw new CertificateException($"has a certificate that is damaged: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>All certificates of a text that has the authorities to trust.</summary>
    /// <exception cref="CertificateException">There are none, or one is damaged.</exception>
    public static X509Certificate2Collection Authorities(string text)
    {
        try
        {
            return Certificates(text) is { Count: > 0 } found ? found : throw new CertificateException("has no certificate as PEM");
        }
        catch (CertificateException exception)
        {
            throw new CertificateException(exception.Message) { IsOfAuthorities = true };
        }
    }

    /// <summary>The first part whose label is wanted, with its lines of BEGIN and END; null if there is none.</summary>
    internal static string? Find(string text, Func<string, bool> isWanted)
    {
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var part); rest = rest[part.Location.End..])
        {
            if (isWanted(rest[part.Label].ToString()))
            {
                return rest[part.Location].ToString();
            }
        }

        return null;
    }
}
