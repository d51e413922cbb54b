using System.Text;

namespace Rollcall.Sending;

/// <summary>The PEM texts that connections to a target are made with.</summary>
/// <param name="Certificate">The client's certificate; null for none.</param>
/// <param name="Key">Its key; null if the certificate's text has it.</param>
/// <param name="Ca">The authorities to trust instead of the system's; null for those of the system.</param>
public sealed record TlsTexts(string? Certificate, string? Key, string? Ca)
{
    /// <summary>Reads the texts.</summary>
    /// <exception cref="CertificateException">One cannot be used.</exception>
    public SenderTransport Open() => new()
    {
        Certificate = Certificate is null ? null : ClientCertificate.Read(BytesOf(Certificate)!, BytesOf(Key), passphrase: null),
        Authorities = Ca is null ? null : PemTexts.Authorities(Ca),
    };

    static byte[]? BytesOf(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    // A record's own text would have the key in it.
    /// <inheritdoc/>
    public override string ToString() => nameof(TlsTexts);
}
