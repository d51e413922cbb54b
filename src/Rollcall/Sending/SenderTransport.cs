using System.Security.Cryptography.X509Certificates;

namespace Rollcall.Sending;

/// <summary>How connections to targets are made. Nothing of it is stored with a batch.</summary>
public sealed record SenderTransport
{
    /// <summary>The certificate for targets that ask for one; null for none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>The authorities whose certificates are trusted, instead of those of the system; null for those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Whether the certificates of targets are checked.</summary>
    public bool ChecksTargets { get; init; } = true;

    /// <summary>The proxy; null for that of the environment.</summary>
    public ProxyChoice? Proxy { get; init; }

    /// <summary>The versions of HTTP.</summary>
    public HttpProtocolChoice Protocol { get; init; }
}

/// <summary>Which versions of HTTP are spoken.</summary>
public enum HttpProtocolChoice
{
    /// <summary>HTTP/2 if the target agrees to it in the TLS handshake, and HTTP/1.1 otherwise.</summary>
    Negotiated,

    /// <summary>HTTP/1.1 only.</summary>
    Http11,

    /// <summary>HTTP/2 from the first byte without TLS (RFC 9113, section 3.3); with TLS as <see cref="Negotiated"/>.</summary>
    Http2PriorKnowledge,
}
